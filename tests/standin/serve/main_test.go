package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-http", "127.0.0.1:0", "-faults", "missing=0.5", "-latency", "1ms"}, write)
		write.Close()
	}()
	lines := bufio.NewScanner(read)
	next := func() string {
		if !lines.Scan() {
			t.Fatalf("ended: %v", <-ended)
		}
		return lines.Text()
	}
	url, ok := strings.CutPrefix(next(), "export GOOGLE_GEMINI_BASE_URL=")
	if !ok {
		t.Fatal("no URL")
	}
	if line := next(); line != "export GEMINI_API_KEY=stand-in" {
		t.Errorf("got %q", line)
	}

	answer := make(chan *http.Response, 1)
	go func() {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/v1beta/models?key=stand-in", nil)
		if err != nil {
			t.Error(err)
		}
		response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
		if err != nil {
			t.Error(err)
		} else {
			response.Body.Close()
		}
		answer <- response
	}()
	if line := next(); !strings.Contains(line, "lookup 1") || !strings.Contains(line, "status 200") {
		t.Errorf("got %q", line)
	}
	<-answer
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct{ arguments, want string }{
		{"-http 0.0.0.0:9090", "no loopback address"},
		{"-http 192.0.2.1:9090", "no loopback address"},
		{"-http 9090", "missing port"},
		{"-faults misspelt=0.1", `no fault "misspelt"`},
	} {
		err := run(t.Context(), strings.Fields(test.arguments), io.Discard)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.arguments, err)
		}
	}
}
