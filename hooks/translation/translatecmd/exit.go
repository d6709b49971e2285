package translatecmd

import (
	"fmt"
	"time"
)

// The exit codes. Those from 64 on are sysexits' where it has one that fits.
const (
	// ExitFailed is a document that cannot be translated, or a disk that fails.
	ExitFailed = 1
	// ExitUsage is a command that cannot be carried out as it was given.
	ExitUsage = 2
	// ExitIssues is a translation that was written, with passages left in the
	// source language.
	ExitIssues = 3
	// ExitLater is an engine that is away, or whose quota of the day is used up.
	ExitLater = 75
	// ExitRefused is a key or a model that the engine does not take.
	ExitRefused = 77
	// ExitBudget is a run that --max-cost has stopped.
	ExitBudget = 78
	// ExitInterrupted is a run that a signal has stopped.
	ExitInterrupted = 130
)

// Exit is how the command ends where it does not end well: in words for a person
// and as a code for a script.
type Exit struct {
	Code    int
	Message string
}

// Error returns the message.
func (e *Exit) Error() string { return e.Message }

// ExitCode returns the process's exit code.
func (e *Exit) ExitCode() int { return e.Code }

func exitf(code int, format string, args ...any) *Exit {
	return &Exit{Code: code, Message: fmt.Sprintf(format, args...)}
}

func wrongUse(format string, args ...any) *Exit { return exitf(ExitUsage, format, args...) }

func failed(format string, args ...any) *Exit { return exitf(ExitFailed, format, args...) }

// goOn ends the messages of runs that can be gone on with.
const goOn = "Run the same command again to go on."

// clockTime is a time as people are told it: the day too where it is another.
func clockTime(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05")
	}
	return t.Format("Monday 2 January, 15:04 MST")
}
