package pgmirror

import (
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// Exit codes of "verso mirror verify" beside 0.
const (
	exitDifferent  = 1
	exitCannotTell = 2
)

// ExitError ends the process with a code.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string { return e.Err.Error() }

// ExitCode returns the code.
func (e *ExitError) ExitCode() int { return e.Code }

// Unwrap returns the cause.
func (e *ExitError) Unwrap() error { return e.Err }

// NewCommand returns "mirror" with its commands. mirror is asked for when one runs,
// after the plugins were registered; it is nil where no PostgreSQL is configured.
func NewCommand(app core.App, mirror func() *Mirror) *cobra.Command {
	root := &cobra.Command{
		Use: "mirror", Short: "Looks after the copy of users and jobs in PostgreSQL", Args: cobra.NoArgs, SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	add := func(use, short string, run func(*Mirror, *cobra.Command) error) {
		root.AddCommand(&cobra.Command{
			Use: use, Short: short, Args: cobra.NoArgs, SilenceUsage: true,
			RunE: func(command *cobra.Command, _ []string) error {
				ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGINT, syscall.SIGTERM)
				defer stop()
				command.SetContext(ctx)
				m := mirror()
				if m == nil {
					return &ExitError{exitCannotTell, errors.New("POSTGRES_URL: is missing; it names the database that is mirrored into")}
				}
				return errors.Join(run(m, command), m.Close())
			},
		})
	}
	add("status", "Says how far PostgreSQL lags behind, and which rows it refuses", (*Mirror).printStatus)
	add("verify", "Compares both sides, column by column", (*Mirror).printComparison)
	add("resync", "Lets PostgreSQL be filled anew while the service runs", (*Mirror).askAnew)
	return root
}

func (m *Mirror) printStatus(command *cobra.Command) error {
	status, err := m.Status(command.Context())
	out := command.OutOrStdout()
	fmt.Fprintln(out, "state", status.State)
	if status.Why != "" {
		fmt.Fprintln(out, "because", status.Why)
	}
	fmt.Fprintln(out, "lag_rows", status.LagRows)
	fmt.Fprintln(out, "lag_seconds", int(status.Lag.Round(time.Second).Seconds()))
	if err != nil {
		return &ExitError{exitCannotTell, err}
	}
	if !status.Updated.IsZero() {
		fmt.Fprintln(out, "written_at", status.Updated.UTC().Format(time.RFC3339))
	}
	fmt.Fprintln(out, "parked", status.ParkedRows)
	for _, row := range status.Parked {
		fmt.Fprintf(out, "  %s %s: %s\n", row.Collection, row.RecordID, row.Reason)
	}
	if more := status.ParkedRows - len(status.Parked); more > 0 {
		fmt.Fprintf(out, "  and %d more, in verso_mirror.parked\n", more)
	}
	return nil
}

func (m *Mirror) printComparison(command *cobra.Command) error {
	compared, err := m.Verify(command.Context())
	if err != nil {
		return &ExitError{exitCannotTell, err}
	}
	out := command.OutOrStdout()
	for _, column := range compared.Columns {
		printColumn(out, column)
	}
	fmt.Fprintf(out, "%d rows compared, %d parked, %d different\n", compared.Rows-compared.Parked, compared.Parked, compared.Different)
	if !compared.Equal() {
		return &ExitError{exitDifferent, errors.New("the two sides differ; while changes are under way that passes")}
	}
	return nil
}

func printColumn(out io.Writer, column ColumnSums) {
	verdict := "equal"
	if column.SQLite != column.Postgres {
		verdict = "DIFFERENT"
	}
	fmt.Fprintf(out, "%-32s %.16s %.16s %s\n", column.Column, column.SQLite, column.Postgres, verdict)
}

func (m *Mirror) askAnew(command *cobra.Command) error {
	if err := m.Resync(command.Context()); err != nil {
		return &ExitError{exitCannotTell, err}
	}
	fmt.Fprintln(command.OutOrStdout(), "PostgreSQL is filled anew by the running service, or by the next one.")
	return nil
}
