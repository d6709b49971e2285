// Package commandline is what Verso's commands need of a command line beyond what
// PocketBase gives them: errors that end the process with their code, a port from the
// environment, and a second signal that does not wait.
//
//	command := commandline.Name(os.Args[1:])
//	…
//	err := commandline.Execute(app, os.Args[1:])
package commandline

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/pocketbase/pocketbase"
	"github.com/spf13/cobra"
)

// OnPort makes a command listen on the port that the environment names, unless
// a flag or a domain says otherwise: serve on all addresses, as hosting
// platforms expect, and the demo on this machine alone.
func OnPort(command *cobra.Command, port string) {
	host := "0.0.0.0"
	if command.Name() == "demo" {
		host = "127.0.0.1"
	}
	command.PreRunE = func(command *cobra.Command, domains []string) error {
		if port == "" || len(domains) > 0 || command.Flags().Changed("http") {
			return nil
		}
		return command.Flags().Set("http", net.JoinHostPort(host, port))
	}
}

// FlagOr returns a function that answers with a flag's values where the flag is
// set, and else with the given ones. It is to be asked when flags are parsed.
func FlagOr(command *cobra.Command, flag string, otherwise []string) func() []string {
	return func() []string {
		if values, err := command.Flags().GetStringSlice(flag); err == nil && command.Flags().Changed(flag) {
			return values
		}
		return otherwise
	}
}

// Execute runs the command line. PocketBase would drop the error of a command
// and exit as if all were well. Here its root command is put inside another
// one that keeps the error, so that a service manager learns of it too.
func Execute(app *pocketbase.PocketBase, args []string) error {
	root := app.RootCmd
	root.SilenceErrors = true
	if _, _, err := root.Find(args); err != nil {
		return fmt.Errorf("%w; see %s --help", err, root.Name())
	}
	result := make(chan error, 1)
	app.RootCmd = &cobra.Command{
		Use:                root.Use,
		DisableFlagParsing: true,
		Run: func(*cobra.Command, []string) {
			// Not sooner: until PocketBase listens for it, the first signal ends
			// the process by itself.
			go endAtSecondSignal()
			result <- root.Execute()
		},
	}

	err := app.Execute()
	select {
	case commandErr := <-result:
		return errors.Join(commandErr, err)
	default:
		return err // ended by a signal
	}
}

// endAtSecondSignal ends the process at once when it is told to a second time.
// The first signal is PocketBase's, which lets work in flight finish.
func endAtSecondSignal() {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	<-signals
	<-signals
	os.Exit(130)
}

// Name returns the first argument that is no flag, nor the value of
// one of PocketBase's flags that stand before a command.
func Name(args []string) string {
	valued := []string{"--dir", "--encryptionEnv", "--queryTimeout"}
	for i := 0; i < len(args); i++ {
		switch {
		case slices.Contains(valued, args[i]):
			i++
		case !strings.HasPrefix(args[i], "-"):
			return args[i]
		}
	}
	return ""
}
