package clerksync

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"syscall"

	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"verso/hooks/records"
)

// NewCommand returns "users", with "users sync" in it. sync is asked for when the
// command runs, after the plugins were registered.
func NewCommand(app core.App, sync func() *Sync) *cobra.Command {
	users := &cobra.Command{Use: "users", Short: "Keeps the users what they are at Clerk"}
	dryRun := false
	reconcile := &cobra.Command{
		Use:   "sync",
		Short: "Creates, updates and removes users as Clerk's Backend API says",
		Long: "Compares all users with Clerk's: creates who is missing here, updates who is newer there, and removes who is gone there.\n" +
			"It may run beside a serving process. What was interrupted goes on where it stopped.",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGINT, syscall.SIGTERM)
			defer stop()
			return runSync(ctx, app, sync(), command, dryRun)
		},
	}
	reconcile.Flags().BoolVar(&dryRun, "dry-run", false, "print what would change, and change nothing")
	users.AddCommand(reconcile)
	return users
}

// runSync prints each change and how many there were.
func runSync(ctx context.Context, app core.App, sync *Sync, command *cobra.Command, dryRun bool) error {
	if _, err := app.FindCollectionByNameOrId(records.CollectionSyncProgress); err != nil {
		return errors.New("the database is not one of this version; start verso serve on it first")
	}
	counts := map[string]int{}
	err := sync.Reconcile(ctx, ReconcileOptions{DryRun: dryRun, Report: func(change Change) {
		counts[change.Kind]++
		fmt.Fprintln(command.OutOrStdout(), change.Kind, change.ClerkUserID)
	}})
	would := ""
	if dryRun {
		would = "would be "
	}
	fmt.Fprintf(command.OutOrStdout(), "%d %screated, %d updated, %d removed\n", counts["created"], would, counts["updated"], counts["removed"])
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted; run it again to go on")
	case errors.Is(err, ErrNoBackend):
		return errors.New("CLERK_SECRET_KEY: is missing; users sync asks Clerk's Backend API with it")
	case err != nil && !errors.Is(err, ErrStrangers):
		return fmt.Errorf("%w; run it again to go on", err)
	}
	return err
}
