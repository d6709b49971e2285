// Command serve runs the stand-in for the Gemini API by hand:
//
//	go run ./tests/standin/serve -http 127.0.0.1:9090 -latency 300ms -faults "missing=0.05,unavailable=0.02"
//
// It prints the environment variables that make the service use it, and then
// a line for each answered request. Ctrl-C ends it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	"verso/tests/standin"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, arguments []string, out io.Writer) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	address := flags.String("http", "127.0.0.1:9090", "loopback `address` to listen on")
	latency := flags.Duration("latency", 0, "how long an answer takes to begin")
	faults := flags.String("faults", "", "`faults` with their chances, such as missing=0.05,unavailable=0.02")
	seed := flags.Uint64("seed", 1, "varies which requests meet faults")
	requests := flags.Int("rpm", 0, "requests a minute and model; 0 is no limit")
	tokens := flags.Int("tpm", 0, "input tokens a minute and model; 0 is no limit")
	thoughts := flags.Int("thoughts", 0, "thinking tokens that each answer reports")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	rules, err := standin.ParseFaults(*faults)
	if err != nil {
		return fmt.Errorf("-faults: %w", err)
	}
	if err := loopback(*address); err != nil {
		return fmt.Errorf("-http: %w", err)
	}
	ended := make(chan standin.Request)
	server := standin.NewGemini(standin.Config{
		Ended: func(request standin.Request) {
			select {
			case ended <- request:
			case <-ctx.Done():
			}
		},
		Latency: *latency, Seed: *seed, Rules: rules, ThoughtTokens: *thoughts,
		Limits: standin.Limits{RequestsPerMinute: *requests, TokensPerMinute: *tokens},
	})
	if err := server.Listen(*address); err != nil {
		return err
	}
	defer server.Close()
	fmt.Fprintf(out, "export GOOGLE_GEMINI_BASE_URL=%s\nexport GEMINI_API_KEY=stand-in\n", server.URL)
	for {
		select {
		case request := <-ended:
			fmt.Fprint(out, line(request))
		case <-ctx.Done():
			return nil
		}
	}
}

// loopback refuses addresses that others can reach: the stand-in checks
// nobody.
func loopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return fmt.Errorf("%q is no loopback address; use 127.0.0.1 or [::1]", host)
	}
	return nil
}

// line describes a request that has ended.
func line(request standin.Request) string {
	return fmt.Sprintf("%s %s %d %s: %d blocks, %d characters, status %d, %s %s\n",
		request.Arrived.Format(time.TimeOnly), request.Kind, request.Number, request.Model,
		len(request.Payload.Blocks), request.Payload.Characters(), request.Status,
		request.Ended.Sub(request.Arrived).Round(time.Millisecond), request.Fault)
}
