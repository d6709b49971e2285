package demo

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"
)

// command returns "verso demo".
func (p *plugin) command() *cobra.Command {
	var address string
	command := &cobra.Command{
		Use:          "demo",
		Short:        "Starts the whole service with nothing configured, on this machine only",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			return p.run(address, command.OutOrStdout())
		},
	}
	command.Flags().StringVar(&address, "http", p.config.DefaultAddress, "loopback address to listen on; port 0 picks a free one")
	return command
}

func (p *plugin) run(address string, out io.Writer) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--http %q is not an address with a port, such as 127.0.0.1:8090", address)
	}
	if host != "localhost" && !isLoopback(host) {
		return fmt.Errorf("--http %q is refused: the demo lets anybody in, so it listens on loopback addresses only, such as 127.0.0.1:8090", address)
	}

	p.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return fmt.Errorf("listen on %s: %w", address, err)
		}
		e.Listener = listener
		e.InstallerFunc = nil
		if err := e.Next(); err != nil {
			return errors.Join(err, listener.Close())
		}
		banner(out, listener.Addr(), p.app.DataDir())
		return nil
	})
	err = apis.Serve(p.app, apis.ServeConfig{HttpAddr: address, AllowedOrigins: p.config.AllowedOrigins})
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func banner(out io.Writer, address net.Addr, dataDir string) {
	fmt.Fprintf(out, `
  Verso demo: http://%s

  Not real here:  Clerk (a stand-in on this machine signs anybody in as one of
                  two people) and the model (the "pseudo" engine accents
                  letters and translates nothing).
  Real:           everything else. Documents and jobs are kept in %s.

  Dashboard:      http://%s/_/ (first: verso superuser create EMAIL PASSWORD --dir %s)
  Stop:           Ctrl-C

`, address, dataDir, address, dataDir)
}

// isLoopback reports whether a host is a loopback address.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
