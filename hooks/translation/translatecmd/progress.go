package translatecmd

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

const (
	// lineEvery is how often a line of progress is written at most where nobody
	// watches a bar, unless a tenth of the work was done meanwhile.
	lineEvery = 10 * time.Second
	// leastLine is how often at most in any case.
	leastLine = time.Second
	// barEvery is how often the bar is drawn anew.
	barEvery = time.Second
	// worthSaying is the shortest wait that a person is told about.
	worthSaying = 3 * time.Second
)

// progress tells a person how far it is: by a bar on a terminal, elsewhere by
// lines.
type progress struct {
	w        io.Writer
	terminal bool
	colour   bool
	now      func() time.Time

	bar         *progressbar.ProgressBar // nil elsewhere, and between rounds
	what        string
	total, done int
	before      int // of done, when this run began
	cost        string
	began       time.Time
	lastLine    time.Time
	lastTenth   int
	waitingFor  time.Time
}

func newProgress(w io.Writer, terminal bool) *progress {
	colour := terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	return &progress{w: w, terminal: terminal, colour: colour, now: time.Now}
}

// isTerminal reports whether a person sits at a stream.
func isTerminal(stream any) bool {
	file, ok := stream.(interface{ Fd() uintptr })
	return ok && term.IsTerminal(int(file.Fd()))
}

// begin begins a round of so many things, of which some are done.
func (p *progress) begin(what string, total, done int) {
	p.what, p.total, p.done, p.before = what, total, done, done
	p.began, p.lastLine, p.lastTenth = p.now(), p.now(), 10*done/max(total, 1)
	p.waitingFor = time.Time{}
	if p.terminal {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.w), progressbar.OptionSetWidth(16), progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
			progressbar.OptionEnableColorCodes(p.colour), progressbar.OptionUseANSICodes(true),
			progressbar.OptionSetTheme(p.theme()))
		p.draw()
	}
}

func (p *progress) theme() progressbar.Theme {
	theme := progressbar.Theme{Saucer: "━", SaucerHead: "━", SaucerPadding: " ", BarStart: "", BarEnd: ""}
	if p.colour {
		theme.Saucer, theme.SaucerHead = "[green]━[reset]", "[green]━[reset]"
	}
	return theme
}

// settled counts one thing more.
func (p *progress) settled(j *job) {
	p.done++
	p.cost = spentWords(j)
	p.waitingFor = time.Time{}
	if p.bar != nil {
		p.draw()
		return
	}
	now := p.now()
	tenth := 10 * p.done / max(p.total, 1)
	since := now.Sub(p.lastLine)
	if p.done < p.total && (since >= lineEvery || tenth > p.lastTenth && since >= leastLine) {
		p.lastLine, p.lastTenth = now, tenth
		fmt.Fprintln(p.w, p.line(now))
	}
}

// line is the progress in words.
func (p *progress) line(now time.Time) string {
	line := fmt.Sprintf("%s: %d of %d", p.what, p.done, p.total)
	if p.cost != "" {
		line += ", " + p.cost
	}
	if left, ok := p.left(now); ok {
		line += ", about " + left + " left"
	}
	return line
}

// left estimates how long it still takes, from how long it took in this run.
func (p *progress) left(now time.Time) (string, bool) {
	if p.done == p.before || p.done == p.total {
		return "", false
	}
	left := now.Sub(p.began) * time.Duration(p.total-p.done) / time.Duration(p.done-p.before)
	switch {
	case left < 100*time.Second:
		return fmt.Sprintf("%d s", int(left.Seconds())+1), true
	case left < 100*time.Minute:
		return fmt.Sprintf("%d min", int(left.Minutes())+1), true
	}
	return fmt.Sprintf("%.1f h", left.Hours()), true
}

// draw draws the bar anew.
func (p *progress) draw() {
	description := p.what
	if p.cost != "" {
		description += " " + p.cost
	}
	if left, ok := p.left(p.now()); !p.waitingFor.IsZero() {
		description += " waits until " + clockTime(p.waitingFor, p.now())
	} else if ok {
		description += " " + left + " left"
	}
	p.bar.Describe(description)
	_ = p.bar.Set(p.done) // an error is a terminal that has gone
}

// refresh draws the bar anew after a while in which nothing was done.
func (p *progress) refresh() {
	if p.bar != nil {
		p.draw()
	}
}

// beat returns how long to sleep so that the bar lives.
func (p *progress) beat(sleep time.Duration) time.Duration {
	if p.bar != nil {
		return min(sleep, barEvery)
	}
	return sleep
}

// waits tells that nothing goes on before a time.
func (p *progress) waits(now, until time.Time) {
	if until.Sub(now) < worthSaying || until.Equal(p.waitingFor) {
		return
	}
	p.waitingFor = until
	if p.bar == nil {
		fmt.Fprintf(p.w, "Waiting until %s, because the engine cannot be asked before.\n", clockTime(until, now))
	}
}

// say writes a line.
func (p *progress) say(format string, args ...any) {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
	fmt.Fprintf(p.w, format+"\n", args...)
	if p.bar != nil {
		p.draw()
	}
}

// end ends a round.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}

// spentWords says what a translation has cost so far: in money where that is
// known, else in tokens; "" where it is free.
func spentWords(j *job) string {
	cost, known := j.cost(j.spent)
	switch {
	case j.engine.Info().Free:
		return ""
	case known:
		return cost.String()
	}
	total := j.spent.Total()
	return thousands(total.InputTokens+total.OutputTokens+total.ThinkingTokens) + " tokens"
}

// thousands writes a number with commas.
func thousands(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
