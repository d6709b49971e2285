package requestid_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"verso/hooks/requestid"
)

func TestOf(t *testing.T) {
	for _, given := range []string{"0af7651916cd43dd8448eb211c80319c", "a3b8d042-1f5e-4c0a-9f3e-6f1d2c3b4a5e", "Root.1-67891233_x", strings.Repeat("a", 64)} {
		if got := requestid.Of(given); got != given {
			t.Errorf("%q became %q", given, got)
		}
	}
	seen := map[string]bool{}
	for _, given := range []string{"", strings.Repeat("a", 65), "a b", "a\nlevel=ERROR", `a"b`, "ä", "<script>"} {
		got := requestid.Of(given)
		if got == given || len(got) < 20 || seen[got] || requestid.Of(got) != got {
			t.Errorf("%q became %q", given, got)
		}
		seen[got] = true
	}
}

func TestLogger(t *testing.T) {
	var written bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&written, nil))
	ctx := requestid.With(context.Background(), "abc")
	requestid.Logger(context.WithoutCancel(ctx), logger).Info("one")
	requestid.Logger(requestid.With(context.Background(), ""), logger).Info("two")
	lines := strings.Split(written.String(), "\n")
	if !strings.Contains(lines[0], "request=abc") || strings.Contains(lines[1], "request") {
		t.Errorf("%s", written.String())
	}
	if id := requestid.From(requestid.With(ctx, "")); id != "abc" {
		t.Errorf("no id took the place of %q", id)
	}
}
