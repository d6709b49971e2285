// Package tests asks a running binary what its users would: it starts Verso as
// a process, uploads, watches, downloads, and ends it in every way a process
// can end. README.md lists what each test shows.
package tests

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"verso/hooks/translation/engine/pseudo"
	"verso/tests/process"
)

func TestMain(m *testing.M) { os.Exit(process.Main(m)) }

// The demo's two people.
const (
	ada = "user_demoada"
	bo  = "user_demobo"
)

// mobyDick returns the first twenty chapters, 200 KB in 427 paragraphs with a
// blank line after each.
func mobyDick(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/moby-dick-1-20.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// accented returns what a text with exactly one blank line between its
// paragraphs must become, as long as no paragraph is longer than a segment:
// each paragraph as the offline engine "translates" it, and all else as it was.
func accented(text string) string {
	body := strings.TrimRight(text, "\n")
	paragraphs := strings.Split(body, "\n\n")
	for i := range paragraphs {
		paragraphs[i] = pseudo.Accent(paragraphs[i])
	}
	return strings.Join(paragraphs, "\n\n") + text[len(body):]
}

// firstDifference says where two texts part, for a failed test's message.
func firstDifference(got, want string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	return fmt.Sprintf("byte %d: %.60q instead of %.60q", i, got[i:], want[i:])
}

// env is an environment in one line.
func env(pairs ...string) map[string]string {
	env := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return env
}
