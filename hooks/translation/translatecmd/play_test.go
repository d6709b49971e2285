package translatecmd_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/md"
	"verso/hooks/translation/document/txt"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
	"verso/hooks/translation/translatecmd"
)

// play is an engine that accents, does what a test's script says instead, and
// remembers what it was asked.
type play struct {
	// script answers the n-th request, from 1; false leaves it to the engine.
	script func(ctx context.Context, n int, r engine.Request) (engine.Response, error, bool)
	// check answers the question whether key and model will do.
	check error
	paid  bool

	mu    sync.Mutex
	asked []engine.Request
	tasks []engine.Analysis
}

func (p *play) Info() engine.Info {
	return engine.Info{Name: "play", Models: []string{"play-1", "play-2"}, Free: !p.paid, Imitation: true}
}

func (p *play) Check(context.Context, string, string) error { return p.check }

func (p *play) Translate(ctx context.Context, r engine.Request) (engine.Response, error) {
	p.mu.Lock()
	p.asked = append(p.asked, r)
	n := len(p.asked)
	p.mu.Unlock()
	if p.script != nil {
		if response, err, done := p.script(ctx, n, r); done {
			return response, err
		}
	}
	return pseudo.New(pseudo.Config{}).Translate(ctx, r)
}

// requests returns what was asked so far.
func (p *play) requests() []engine.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]engine.Request(nil), p.asked...)
}

// blocks counts how often each block was asked for.
func (p *play) blocks() map[string]int {
	asked := map[string]int{}
	for _, request := range p.requests() {
		for _, block := range request.Payload.Blocks {
			asked[block.ID]++
		}
	}
	return asked
}

// paidPlay is a play that costs a tenth of a cent a thousand tokens.
type paidPlay struct{ *play }

func (paidPlay) Price(string) (engine.Price, bool) {
	return engine.Price{Input: engine.Dollar / 1_000_000, Output: engine.Dollar / 1_000_000}, true
}
func (paidPlay) PricesOf() string                     { return "2026-10-07" }
func (paidPlay) MostOutput(_ string, bytes int) int   { return 100 + 2*bytes }
func (paidPlay) EnoughOutput(_ string, bytes int) int { return 50 + bytes/2 }
func (paidPlay) Thinks(string) float64                { return 0 }

// failure is an answer of a script.
func failure(kind engine.ErrorKind) (engine.Response, error, bool) {
	return engine.Response{}, &engine.Error{Kind: kind}, true
}

// readingPlay is a play that finds a style and terms.
type readingPlay struct{ *play }

func (p readingPlay) Analyse(_ context.Context, r engine.Analysis) (engine.Findings, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tasks = append(p.tasks, r)
	found := engine.Findings{Usage: engine.Usage{InputTokens: 100, OutputTokens: 10}}
	if r.Payload.Task == engine.AnalyseStyle {
		found.Style.ToneKeywords = "calm"
	} else {
		found.Glossary = []engine.Entry{{Term: "Ishmael", Translation: "Ismaël", Kind: "person"}}
	}
	return found, nil
}

// paidReadingPlay does both.
type paidReadingPlay struct {
	paidPlay
	reader readingPlay
}

func (p paidReadingPlay) Analyse(ctx context.Context, r engine.Analysis) (engine.Findings, error) {
	return p.reader.Analyse(ctx, r)
}

// stage is a folder with a document, and what the command is given besides.
type stage struct {
	t      *testing.T
	dir    string
	config translatecmd.Config
	input  string
	waits  func() // called when the command says that it waits
}

func newStage(t *testing.T, eng engine.Engine, text string) *stage {
	t.Helper()
	s := &stage{t: t, dir: t.TempDir()}
	s.config = translatecmd.Config{
		Formats: document.Formats{md.Format{}, txt.Format{}}, Engines: []engine.Engine{eng},
		Patience: 20 * time.Millisecond, Grace: 5 * time.Second,
		Signals:    make(chan os.Signal),
		IsTerminal: func(any) bool { return false },
	}
	s.write("book.txt", text)
	return s
}

func (s *stage) path(name string) string { return filepath.Join(s.dir, name) }

func (s *stage) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(s.path(name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) read(name string) string {
	s.t.Helper()
	data, err := os.ReadFile(s.path(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

func (s *stage) exists(name string) bool {
	_, err := os.Stat(s.path(name))
	return err == nil
}

// end is how a run of the command has ended.
type end struct {
	code             int
	message          string
	stdout, progress string
}

// run runs "verso translate book.txt --to fr" with further flags.
func (s *stage) run(flags ...string) end {
	s.t.Helper()
	return s.runArgs(append([]string{s.path("book.txt"), "--to", "fr", "--from", "en", "--segment-size", "500"}, flags...)...)
}

func (s *stage) runArgs(args ...string) end {
	s.t.Helper()
	command := translatecmd.NewCommand(func() (translatecmd.Config, error) { return s.config, nil })
	root := &cobra.Command{Use: "verso", SilenceErrors: true}
	root.AddCommand(command)
	root.SetArgs(append([]string{"translate"}, args...))
	var stdout, progress bytes.Buffer
	root.SetIn(strings.NewReader(s.input))
	root.SetOut(&stdout)
	root.SetErr(&listener{Buffer: &progress, waits: s.waits})
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	err := root.ExecuteContext(ctx)
	found := end{stdout: stdout.String(), progress: progress.String()}
	if err != nil {
		found.code, found.message = 1, err.Error()
		var coded *translatecmd.Exit
		if !errors.As(err, &coded) {
			s.t.Fatalf("the error is none of the command's own: %v", err)
		}
		found.code = coded.ExitCode()
	}
	return found
}

// listener hears the command say that it waits.
type listener struct {
	*bytes.Buffer
	waits func()
}

func (l *listener) Write(p []byte) (int, error) {
	if l.waits != nil && bytes.HasPrefix(p, []byte("Waiting until")) {
		l.waits()
	}
	return l.Buffer.Write(p)
}

// must fails the test unless the command ends with a code and a message that holds
// some words.
func (e end) must(t *testing.T, code int, words ...string) end {
	t.Helper()
	if e.code != code {
		t.Fatalf("the exit code is %d, want %d: %s\n%s", e.code, code, e.message, e.progress)
	}
	for _, word := range words {
		if !strings.Contains(e.message, word) {
			t.Errorf("%q is not in the message %q", word, e.message)
		}
	}
	return e
}

// tale is a text of so many paragraphs of some 230 characters: two make a segment.
func tale(paragraphs int) string {
	var b strings.Builder
	for i := range paragraphs {
		fmt.Fprintf(&b, "%s sailed on day %d into the white fog, and nobody on board could say how far the shore was. "+
			"The bell was rung at every turn of the glass, and the cook, who knew better, told stories about whales until it was evening.\n\n",
			[]string{"Ishmael", "Ahab", "Starbuck", "Queequeg"}[i%4], i+1)
	}
	return b.String()
}

// accented is what the play makes of a tale, but for the blocks that are listed.
func accented(text string, but ...string) string {
	paragraphs := strings.Split(strings.TrimRight(text, "\n"), "\n\n")
	for i, paragraph := range paragraphs {
		if !strings.Contains(" "+strings.Join(but, " ")+" ", " "+document.BlockID(i+1)+" ") {
			paragraphs[i] = pseudo.Accent(paragraph)
		}
	}
	return strings.Join(paragraphs, "\n\n") + text[len(strings.TrimRight(text, "\n")):]
}
