package riverworkers

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// NewCommand returns "verso worker". compose reads what it is configured with.
func NewCommand(compose func() (WorkerConfig, error)) *cobra.Command {
	return &cobra.Command{
		Use:   "worker",
		Short: "Translates segments of another machine's serve, through River on PostgreSQL",
		Long: "Translates segments of another machine's serve that runs with VERSO_EXECUTOR=river.\n\n" +
			"It takes POSTGRES_URL and VERSO_SECRET_KEY, the same as there, and the engines' settings.\n" +
			"VERSO_CONCURRENCY is how many segments it translates at a time. It keeps no data.",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := compose()
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(command.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			context.AfterFunc(ctx, func() {
				// The next one finds nobody who listens, and ends the process.
				stop()
			})
			return Work(ctx, config)
		},
	}
}
