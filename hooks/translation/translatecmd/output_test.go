package translatecmd_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"verso/hooks/translation/engine"
)

// TestNothingIsWrittenOver keeps whatever stands where the output belongs, unless
// this command has made it.
func TestNothingIsWrittenOver(t *testing.T) {
	issue := func(_ context.Context, _ int, r engine.Request) (engine.Response, error, bool) {
		if r.Payload.Blocks[0].ID == "b1" {
			return failure(engine.Blocked)
		}
		return engine.Response{}, nil, false
	}
	t.Run("somebody's", func(t *testing.T) {
		eng := &play{}
		s := newStage(t, eng, tale(4))
		s.write("book.fr.txt", "mine")
		s.run().must(t, 2, "is there already", "--force", "-o")
		if s.read("book.fr.txt") != "mine" || len(eng.requests()) > 0 {
			t.Error("it was touched, or something asked")
		}
		s.run("--force").must(t, 0)
		if s.read("book.fr.txt") != accented(tale(4)) {
			t.Error("--force does not write")
		}
		s.run().must(t, 2, "is there already")
	})
	t.Run("changed since", func(t *testing.T) {
		s := newStage(t, &play{script: issue}, tale(4))
		s.run().must(t, 3)
		s.run().must(t, 3) // its own
		s.write("book.fr.txt", s.read("book.fr.txt")+"and what I think of it")
		s.run().must(t, 2, "is there already")
	})
	t.Run("come meanwhile", func(t *testing.T) {
		eng := &play{}
		s := newStage(t, eng, tale(4))
		eng.script = func(context.Context, int, engine.Request) (engine.Response, error, bool) {
			s.write("book.fr.txt", "mine")
			return engine.Response{}, nil, false
		}
		s.run().must(t, 2, "is there already")
		if s.read("book.fr.txt") != "mine" || s.exists(sidecarName+".tmp") {
			t.Error("it was touched, or half a translation is left")
		}
		if err := os.Remove(s.path("book.fr.txt")); err != nil {
			t.Fatal(err)
		}
		eng.script = nil
		asked := len(eng.requests())
		s.run().must(t, 0)
		if len(eng.requests()) != asked || s.read("book.fr.txt") != accented(tale(4)) {
			t.Error("it was asked for again")
		}
	})
	t.Run("the source", func(t *testing.T) {
		s := newStage(t, &play{}, tale(4))
		s.run("-o", s.path("book.txt"), "--force").must(t, 2, "file to translate itself")
		if s.read("book.txt") != tale(4) {
			t.Error("it was touched")
		}
	})
	t.Run("no folder", func(t *testing.T) {
		newStage(t, &play{}, tale(4)).run("-o", "/nowhere/at/all.txt").must(t, 2, "there is no folder")
	})
}

func TestOutputPath(t *testing.T) {
	for source, output := range map[string]string{
		"a.txt": "a.fr.txt", "a.markdown": "a.fr.markdown", "README": "README.fr", ".txt": ".txt.fr", "a.b.txt": "a.b.fr.txt",
	} {
		s := newStage(t, &play{}, tale(2))
		s.write(source, tale(2))
		if err := os.Mkdir(s.path("out"), 0o700); err != nil {
			t.Fatal(err)
		}
		s.runArgs(s.path(source), "--to", "fr", "--from", "en").must(t, 0)
		got := s.runArgs(s.path(source), "--to", "fr", "--from", "en", "-o", s.path("out")).must(t, 0)
		if !s.exists(output) || got.stdout != s.path("out/"+output)+"\n" {
			t.Errorf("%s: %s", source, got.stdout)
		}
	}
}

// TestOneAtATime refuses a second run on the same sidecar while the first one is
// at it.
func TestOneAtATime(t *testing.T) {
	asked, answer := make(chan struct{}), make(chan struct{})
	eng := &play{}
	eng.script = func(_ context.Context, n int, _ engine.Request) (engine.Response, error, bool) {
		if n == 1 {
			close(asked)
			<-answer
		}
		return engine.Response{}, nil, false
	}
	s := newStage(t, eng, tale(8))
	first := make(chan end)
	go func() { first <- s.run("--concurrency", "1") }()
	<-asked
	s.run().must(t, 1, "is in use", "-o")
	s.run("--restart").must(t, 1, "is in use")
	close(answer)
	(<-first).must(t, 0)
	if len(eng.requests()) != 4 || s.read("book.fr.txt") != accented(tale(8)) {
		t.Errorf("%d requests", len(eng.requests()))
	}
}

func TestWrongUse(t *testing.T) {
	s := newStage(t, &play{}, tale(2))
	s.write("bad.json", "[1,2")
	s.write("bad.csv", "only one column\n")
	s.write("empty.txt", "")
	if err := os.WriteFile(s.path("bytes.bin"), []byte("a\x00b"), 0o600); err != nil {
		t.Fatal(err)
	}
	book := s.path("book.txt")
	tests := []struct {
		args    []string
		code    int
		message string
	}{
		{nil, 2, "one FILE"},
		{[]string{book, book, "--to", "fr"}, 2, "one FILE"},
		{[]string{book}, 2, "--to"},
		{[]string{book, "--to", "not a language"}, 2, "BCP 47"},
		{[]string{book, "--to", "fr", "--from", "?"}, 2, "--from"},
		{[]string{book, "--to", "fr", "--engine", "oracle"}, 2, "one of play"},
		{[]string{book, "--to", "fr", "--segment-size", "12"}, 2, "500 to 100000"},
		{[]string{book, "--to", "fr", "--segment-size", "many"}, 2, "--help"},
		{[]string{book, "--to", "fr", "--concurrency", "0"}, 2, "--concurrency"},
		{[]string{book, "--to", "fr", "--max-cost", "much"}, 2, "2.50"},
		{[]string{book, "--to", "fr", "--style", s.path("bad.json")}, 2, "--style"},
		{[]string{book, "--to", "fr", "--style", s.path("gone.json")}, 2, "no such file"},
		{[]string{book, "--to", "fr", "--glossary", s.path("bad.json")}, 2, "--glossary"},
		{[]string{book, "--to", "fr", "--glossary", s.path("bad.csv")}, 2, "--glossary"},
		{[]string{book, "--to", "fr", "--encoding", "klingon"}, 2, "klingon"},
		{[]string{book, "--to", "en"}, 2, "--from"},
		{[]string{book, "--to", "fr", "--what"}, 2, "--help"},
		{[]string{s.path("gone.txt"), "--to", "fr"}, 2, "no such file"},
		{[]string{s.dir, "--to", "fr"}, 2, "is a folder"},
		{[]string{s.path("empty.txt"), "--to", "fr"}, 1, "empty"},
		{[]string{s.path("bytes.bin"), "--to", "fr"}, 1, ""},
	}
	for _, test := range tests {
		got := s.runArgs(test.args...)
		if got.code != test.code || !strings.Contains(got.message, test.message) || got.stdout != "" {
			t.Errorf("%v: %d %q", test.args, got.code, got.message)
		}
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil || len(entries) != 5 {
		t.Errorf("files were made: %v", entries)
	}
	s.runArgs(book, "--to", "en", "--yes").must(t, 0) // told so
}

// TestBar draws on a terminal, and takes its bar away again.
func TestBar(t *testing.T) {
	for _, plain := range []bool{false, true} {
		t.Setenv("TERM", "xterm")
		if plain {
			t.Setenv("NO_COLOR", "1")
		}
		s := newStage(t, &play{}, tale(8))
		s.config.IsTerminal = func(any) bool { return true }
		got := s.run().must(t, 0)
		if !strings.Contains(got.progress, "Translating") || !strings.Contains(got.progress, "4/4") {
			t.Errorf("there is no bar: %q", got.progress)
		}
		if coloured := strings.Contains(got.progress, "\x1b[32m"); coloured == plain {
			t.Errorf("NO_COLOR %v, coloured %v: %q", plain, coloured, got.progress)
		}
	}
}
