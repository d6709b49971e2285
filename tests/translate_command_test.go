package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// desk is a folder in which somebody translates a file by "verso translate".
type desk struct {
	dir    string
	file   string
	gemini *standin.Gemini
	env    []string
}

func newDesk(t *testing.T, gemini *standin.Gemini, file string, content []byte, pairs ...string) *desk {
	t.Helper()
	d := &desk{dir: t.TempDir(), file: file, gemini: gemini}
	if err := os.WriteFile(filepath.Join(d.dir, file), content, 0o600); err != nil {
		t.Fatal(err)
	}
	d.env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + d.dir, "GEMINI_API_KEY=" + serverKey, "GOOGLE_GEMINI_BASE_URL=" + gemini.URL}
	for name, value := range env(pairs...) {
		d.env = append(d.env, name+"="+value)
	}
	return d
}

// sitting is one run of the command.
type sitting struct {
	command        *exec.Cmd
	stdout, stderr bytes.Buffer
	ended          chan struct{}
}

// start starts the command in the folder.
func (d *desk) start(t *testing.T, args ...string) *sitting {
	t.Helper()
	s := &sitting{command: exec.Command(process.MustBuild(t), append([]string{"translate", d.file}, args...)...), ended: make(chan struct{})}
	s.command.Dir, s.command.Env = d.dir, d.env
	s.command.Stdout, s.command.Stderr = &s.stdout, &s.stderr
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.command.Wait() // the state says how it ended
		close(s.ended)
	}()
	t.Cleanup(func() {
		_ = s.command.Process.Kill() // it may have ended by itself
		<-s.ended
	})
	return s
}

// code waits for the command's end and returns its exit code, -1 for a kill.
func (s *sitting) code(t *testing.T) int {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	select {
	case <-s.ended:
	case <-deadline.C:
		t.Fatal("the command does not end")
	}
	for _, sign := range []string{"DATA RACE", "fatal error: ", "panic: ", "goroutine ", serverKey} {
		if strings.Contains(s.stderr.String()+s.stdout.String(), sign) {
			t.Errorf("the command wrote %q: %s", sign, s.stderr.String())
		}
	}
	return s.command.ProcessState.ExitCode()
}

// must runs the command and wants it to end with a code.
func (d *desk) must(t *testing.T, code int, args ...string) *sitting {
	t.Helper()
	s := d.start(t, args...)
	if got := s.code(t); got != code {
		t.Fatalf("the exit code is %d, want %d:\n%s", got, code, s.stderr.String())
	}
	return s
}

func (d *desk) read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// names lists what stands in the folder.
func (d *desk) names(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// kept returns the texts of the blocks that a sidecar holds translated.
func (d *desk) kept(t *testing.T, sidecar string, sources map[string]string) map[string]bool {
	t.Helper()
	texts := map[string]bool{}
	data, err := os.ReadFile(filepath.Join(d.dir, sidecar))
	if err != nil {
		return texts // before the first line, or all is done
	}
	if bytes.Contains(data, []byte(serverKey)) {
		t.Error("the sidecar holds the API key")
	}
	lines := bytes.Split(data, []byte("\n"))
	for _, line := range lines[:len(lines)-1] {
		var record struct {
			Segment struct {
				Blocks []process.Block `json:"blocks"`
			} `json:"segment"`
		}
		if err := json.Unmarshal(line, &record); err != nil {
			t.Fatalf("a whole line of the sidecar cannot be read: %v: %.200q", err, line)
		}
		for _, block := range record.Segment.Blocks {
			texts[sources[block.ID]] = true
		}
	}
	return texts
}

// documents are what the command and the service both translate.
func commandDocuments(t *testing.T) map[string][]byte {
	t.Helper()
	documents := map[string][]byte{}
	for name, path := range map[string]string{
		"moby-dick.txt": "testdata/moby-dick-1-20.txt", "childrens-literature.epub": formatFiles + "epub/testdata/childrens-literature.epub",
	} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		documents[name] = data
	}
	return documents
}

// asService translates a document by the service, and returns its output and the
// requests to the engine.
func asService(t *testing.T, name string, content []byte, fields ...string) (output []byte, requests []standin.Request) {
	t.Helper()
	gemini := standin.StartGemini(t, standin.Config{})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	job := client.MustUpload(t, process.Upload{Filename: name, Content: bytes.NewReader(content), Fields: env(fields...)}).ID
	if ended := awaitStatus(t, client, time.Minute, finished(), job)[job]; ended.Status != "COMPLETED" || ended.IssuesCount > 0 {
		t.Fatalf("the service's job is %s with %d issues", ended.Status, ended.IssuesCount)
	}
	return client.Download(t, job), gemini.Requests()
}

// bodies returns what was sent to the engine, sorted.
func bodies(requests []standin.Request) (sent []string) {
	for _, request := range requests {
		if request.Kind == standin.Translation || request.Kind == standin.Analysis {
			sent = append(sent, string(request.Body))
		}
	}
	slices.Sort(sent)
	return sent
}

// TestTranslateCommand translates a text and a book by the command and by the
// service: both ask the same questions, word by word, and write the same bytes. No
// data directory is made, and nothing of Clerk's is needed.
func TestTranslateCommand(t *testing.T) {
	t.Parallel()
	for name, content := range commandDocuments(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, asked := asService(t, name, content, "target_language", "fr", "segment_size", "3000", "memory", "false")
			gemini := standin.StartGemini(t, standin.Config{})
			d := newDesk(t, gemini, name, content)
			base, extension, _ := strings.Cut(name, ".")
			output := base + ".fr." + extension
			began := time.Now()
			s := d.must(t, 0, "--to", "fr", "--segment-size", "3000", "--yes")
			took := time.Since(began)
			if got := d.read(t, output); !bytes.Equal(got, want) {
				t.Errorf("the output is not the service's: %s", firstDifference(string(got), string(want)))
			}
			got, theirs := bodies(gemini.Requests()), bodies(asked)
			if !slices.Equal(got, theirs) {
				t.Errorf("the command asks %d questions, the service %d, and they are not the same", len(got), len(theirs))
			}
			if s.stdout.String() != output+"\n" {
				t.Errorf("standard output is %q", s.stdout.String())
			}
			if names := d.names(t); len(names) != 2 {
				t.Errorf("in the folder stand %v", names)
			}
			t.Logf("%d questions, the same as the service's; %d bytes, the same; %s", len(got), len(want), took.Round(time.Millisecond))
		})
	}
}

// TestTranslateCommandKilled ends the command again and again, by SIGKILL and by
// SIGINT, while the engine makes mistakes: what was kept is not asked for again, and
// the output is the service's.
func TestTranslateCommandKilled(t *testing.T) {
	t.Parallel()
	chance := seeded(t)
	for name, content := range commandDocuments(t) {
		seed := chance.Uint64()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killCommand(t, rand.New(rand.NewPCG(seed, seed)), name, content)
		})
	}
}

func killCommand(t *testing.T, chance *rand.Rand, name string, content []byte) {
	// A block that repeats another's text may be asked for under either's id, so
	// texts are compared. No refrain is left out: the fields switch nothing off.
	want, asked := asService(t, name, content, "target_language", "fr", "segment_size", "1500", "memory", "false")
	sources := map[string]string{}
	for _, request := range asked {
		for _, block := range request.Payload.Blocks {
			sources[block.ID] = block.Text
		}
	}
	gemini := standin.StartGemini(t, standin.Config{Seed: chance.Uint64(), Latency: 40 * time.Millisecond, Rules: []standin.Rule{
		{Fault: standin.Missing, Chance: 0.04}, {Fault: standin.TruncatedJSON, Chance: 0.03}, {Fault: standin.Echo, Chance: 0.03},
		{Fault: standin.Unavailable, Chance: 0.03}, {Fault: standin.Reset, Chance: 0.03},
	}})
	d := newDesk(t, gemini, name, content)
	base, extension, _ := strings.Cut(name, ".")
	output := base + ".fr." + extension
	args := []string{"--to", "fr", "--segment-size", "1500", "--yes", "--concurrency", "4"}
	kept, ends, code := map[string]bool{}, map[string]int{}, -1
	for runs := 0; code != 0; runs++ {
		if runs == 100 {
			t.Fatal("a hundred runs are not enough")
		}
		before := len(gemini.Requests())
		s := d.start(t, args...)
		signal := []syscall.Signal{syscall.SIGKILL, syscall.SIGINT, syscall.SIGTERM}[chance.IntN(3)]
		if runs < 30 {
			s.endAmid(t, gemini, chance, signal)
		}
		code = s.code(t)
		for _, request := range standin.Translations(gemini.Requests()[before:]) {
			for _, block := range request.Payload.Blocks {
				if kept[block.Text] {
					t.Fatalf("in run %d %s was asked for again, which was kept", runs, block.ID)
				}
			}
		}
		kept = d.kept(t, output+".verso", sources)
		switch {
		case code == -1: // by a kill, or a signal before anybody listened
			ends["killed"]++
		case code == 130:
			ends["interrupted"]++
			if !strings.Contains(s.stderr.String(), "Run the same command again to go on.") {
				t.Errorf("interrupted it says: %s", s.stderr.String())
			}
		case code == 3: // by chance a passage was given up
			ends["with issues"]++
			gemini.Use()
		case code != 0:
			t.Fatalf("run %d ended with %d: %s", runs, code, s.stderr.String())
		}
	}
	if got := d.read(t, output); !bytes.Equal(got, want) {
		t.Errorf("the output is not the service's: %s", firstDifference(string(got), string(want)))
	}
	if names := d.names(t); len(names) != 2 {
		t.Errorf("in the folder stand %v", names)
	}
	if ends["killed"] < 3 || ends["interrupted"] < 3 {
		t.Errorf("the ends %v show little", ends)
	}
	t.Logf("runs that ended: %v; %d questions, undisturbed %d", ends, len(gemini.Translations()), len(standin.Translations(asked)))
}

// endAmid sends a signal at a random moment: after so many questions, or while the
// command starts.
func (s *sitting) endAmid(t *testing.T, gemini *standin.Gemini, chance *rand.Rand, signal syscall.Signal) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		<-s.ended
		cancel()
	}()
	if chance.IntN(5) == 0 {
		pause := time.NewTimer(time.Duration(20+chance.IntN(200)) * time.Millisecond)
		defer pause.Stop()
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
	} else {
		wanted := len(bodies(gemini.Requests())) + 1 + chance.IntN(20)
		_ = gemini.Await(ctx, func(all []standin.Request) bool { return len(bodies(all)) >= wanted }) // or the command has ended
	}
	_ = s.command.Process.Signal(signal) // it may have ended by itself
}

// TestTranslateCommandQuote compares the command's quote with the service's.
func TestTranslateCommandQuote(t *testing.T) {
	t.Parallel()
	gemini := standin.StartGemini(t, standin.Config{})
	client := startWithGemini(t, gemini).SignIn(t, ada)
	upload := novel(t, "target_language", "ko")
	upload.Path = "/api/v1/quote"
	var want, got map[string]any
	client.Upload(t, upload).MustBe(t, 200).Decode(t, &want)
	s := newDesk(t, gemini, "moby-dick.txt", []byte(mobyDick(t))).must(t, 0, "--to", "ko", "--quote")
	if err := json.Unmarshal(s.stdout.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the command's quote is\n%v\nand the service's\n%v", got, want)
	}
	if len(gemini.Translations()) > 0 {
		t.Error("a quote asks for translations")
	}
}

// TestTranslateCommandEnds holds the exit codes of a real process, without a key in
// anything it writes.
func TestTranslateCommandEnds(t *testing.T) {
	t.Parallel()
	told := plainStory(12)
	flags := []string{"--to", "fr", "--segment-size", "600", "--no-analysis"}
	yes := append(slices.Clone(flags), "--yes")
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		gemini := standin.StartGemini(t, standin.Config{})
		newDesk(t, gemini, "story.txt", []byte(told.String())).must(t, 2, flags...)
		if len(gemini.Translations()) > 0 {
			t.Error("something was asked for")
		}
	})
	t.Run("the key", func(t *testing.T) {
		t.Parallel()
		gemini := standin.StartGemini(t, standin.Config{Keys: []string{"another-key"}})
		s := newDesk(t, gemini, "story.txt", []byte(told.String())).must(t, 77, yes...)
		if !strings.Contains(s.stderr.String(), "GEMINI_API_KEY") {
			t.Error(s.stderr.String())
		}
	})
	t.Run("no key", func(t *testing.T) {
		t.Parallel()
		gemini := standin.StartGemini(t, standin.Config{})
		newDesk(t, gemini, "story.txt", []byte(told.String()), "GEMINI_API_KEY", "").must(t, 77, yes...)
	})
	t.Run("a key that dies", func(t *testing.T) {
		t.Parallel()
		gemini := standin.StartGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.SuspendedKey, From: 3}}})
		d := newDesk(t, gemini, "story.txt", []byte(told.String()))
		d.must(t, 77, yes...)
		next := standin.StartGemini(t, standin.Config{})
		d.env = append(d.env, "GOOGLE_GEMINI_BASE_URL="+next.URL)
		d.must(t, 0, yes...)
		if got := string(d.read(t, "story.fr.txt")); got != told.translated("fr", nil) {
			t.Error(firstDifference(got, told.translated("fr", nil)))
		}
	})
	t.Run("the model", func(t *testing.T) {
		t.Parallel()
		gemini := standin.StartGemini(t, standin.Config{})
		newDesk(t, gemini, "story.txt", []byte(told.String())).must(t, 77, append(slices.Clone(yes), "--model", "gemini-nobody-knows")...)
	})
	t.Run("the quota of the day", func(t *testing.T) {
		t.Parallel()
		gemini := standin.StartGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.QuotaDay, From: 3}}})
		s := newDesk(t, gemini, "story.txt", []byte(told.String())).must(t, 75, yes...)
		if !strings.Contains(s.stderr.String(), "quota of the day is used up until") {
			t.Error(s.stderr.String())
		}
	})
	t.Run("issues", func(t *testing.T) {
		t.Parallel()
		gemini := standin.StartGemini(t, standin.Config{Rules: []standin.Rule{{Fault: standin.Safety, Holding: poisonWord}}})
		poisoned := told.poisoned(4)
		d := newDesk(t, gemini, "story.txt", []byte(poisoned.String()))
		s := d.must(t, 3, yes...)
		if !strings.Contains(s.stderr.String(), "safety filter") || !strings.Contains(s.stderr.String(), "b5: ") {
			t.Error(s.stderr.String())
		}
		if got, want := string(d.read(t, "story.fr.txt")), poisoned.translated("fr", map[string]bool{blockID(4): true}); got != want {
			t.Error(firstDifference(got, want))
		}
		gemini.Use()
		before := len(gemini.Translations())
		d.must(t, 0, yes...)
		if asked := gemini.Translations()[before:]; len(asked) != 1 || len(asked[0].Payload.Blocks) != 1 {
			t.Errorf("%d requests for one block", len(asked))
		}
		if got, want := string(d.read(t, "story.fr.txt")), poisoned.translated("fr", nil); got != want {
			t.Error(firstDifference(got, want))
		}
	})
	t.Run("the budget", func(t *testing.T) {
		t.Parallel()
		gemini := standin.StartGemini(t, standin.Config{})
		book := plainStory(200)
		d := newDesk(t, gemini, "story.txt", []byte(book.String()))
		limited := append(slices.Clone(yes), "--max-cost")
		s := d.must(t, 78, append(limited, "0.003")...)
		in, out := countTokens(gemini)
		cost := (float64(in)*0.10 + float64(out)*0.40) / 1e6
		t.Logf("$%.6f of $0.003: %s", cost, strings.TrimSpace(s.stderr.String()))
		if cost > 0.003 || cost < 0.0015 {
			t.Errorf("it spent $%.6f", cost)
		}
		d.must(t, 0, append(limited, "1")...)
		if got := string(d.read(t, "story.fr.txt")); got != book.translated("fr", nil) {
			t.Error(firstDifference(got, book.translated("fr", nil)))
		}
	})
}

// TestTranslateCommandSideBySide asks as many segments at once as it may, and never
// more.
func TestTranslateCommandSideBySide(t *testing.T) {
	t.Parallel()
	const latency = 200 * time.Millisecond
	for _, width := range []int{1, 8, 32} {
		gemini := standin.StartGemini(t, standin.Config{Latency: latency})
		told := plainStory(192) // three paragraphs make a segment
		d := newDesk(t, gemini, "story.txt", []byte(told.String()))
		if width == 1 {
			told = told[:24]
			d = newDesk(t, gemini, "story.txt", []byte(told.String()))
		}
		began := time.Now()
		d.must(t, 0, "--to", "fr", "--segment-size", "600", "--no-analysis", "--yes", "--concurrency", fmt.Sprint(width))
		took, asked := time.Since(began), len(gemini.Translations())
		if got := string(d.read(t, "story.fr.txt")); got != told.translated("fr", nil) {
			t.Error(firstDifference(got, told.translated("fr", nil)))
		}
		if most := gemini.MostInFlight(); most > width || most < (width+1)/2 {
			t.Errorf("%d requests were in flight at once, want up to %d", most, width)
		}
		ideal := latency * time.Duration((asked+width-1)/width)
		t.Logf("%d segments, %d at once: %s from start to end of the process, of which the engine's %s", asked, width, took.Round(time.Millisecond), ideal)
	}
}
