package demo

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// defaultAddress is where the demo listens unless told otherwise.
const defaultAddress = "127.0.0.1:8090"

// NewCommand returns the command "demo", which serves on a loopback address.
// The routes that sign people in are bound by [Register].
func NewCommand(app core.App) *cobra.Command {
	var address string
	command := &cobra.Command{
		Use:          "demo",
		Short:        "Starts the whole service with nothing configured, on this machine only",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			return serve(app, address)
		},
	}
	command.Flags().StringVar(&address, "http", defaultAddress, "loopback address to listen on; port 0 picks a free one")
	return command
}

func serve(app core.App, address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--http %q is not an address with a port, such as 127.0.0.1:8090", address)
	}
	if !isOwn(host) {
		return fmt.Errorf("--http %q is refused: the demo lets anybody in, so it listens on loopback addresses only, such as 127.0.0.1:8090", address)
	}

	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return fmt.Errorf("listen on %s: %w", address, err)
		}
		e.Listener = listener
		if err := e.Next(); err != nil {
			return errors.Join(err, listener.Close())
		}
		return nil
	})
	err = apis.Serve(app, apis.ServeConfig{HttpAddr: address})
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// isOwn reports whether a host is a name of this machine alone.
func isOwn(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Origins returns the origins of the demo's page: this machine's usual names,
// and the host of the command's --http flag, which may be another loopback
// address. It reads the flag from args, because the origins are needed before
// the command runs.
func Origins(command *cobra.Command, args []string) []string {
	origins := []string{"http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"}
	_ = command.ParseFlags(args) // parsed once more, with its errors, when it runs
	address, _ := command.Flags().GetString("http")
	if host, _, err := net.SplitHostPort(address); err == nil && isOwn(host) && !strings.Contains(host, ":") {
		origins = append(origins, "http://"+host+":*")
	}
	return origins
}
