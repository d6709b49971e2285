package translation

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
	"github.com/pocketbase/pocketbase/tools/hook"

	"verso/migrations/migrated"

	"verso/hooks/records"
	"verso/hooks/translation/document"
	"verso/hooks/translation/document/txt"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
	"verso/hooks/translation/pipeline"
)

// setup is a migrated database with one user.
type setup struct {
	app    *tests.TestApp
	ledger *ledger
	owner  *core.Record
}

func newSetup(t testing.TB) *setup {
	t.Helper()
	app := migrated.App(t)
	return &setup{app: app, ledger: &ledger{app: app}, owner: mustUser(t, app, "user_ada")}
}

func mustUser(t testing.TB, app core.App, clerkID string) *core.Record {
	t.Helper()
	users, err := app.FindCollectionByNameOrId(records.CollectionUsers)
	if err != nil {
		t.Fatal(err)
	}
	user := records.NewUser(core.NewRecord(users))
	user.SetClerkUserID(clerkID)
	user.ForbidPassword()
	if err := app.Save(user); err != nil {
		t.Fatal(err)
	}
	return user.Record
}

// mustJob writes a job with its segments, being processed.
func (s *setup) mustJob(t testing.TB, segments int) string {
	t.Helper()
	ctx := context.Background()
	id := core.GenerateDefaultRandomId()
	job := newJob{
		ID: id, OwnerID: s.owner.Id, Filename: "a.txt", Source: "source.txt", TargetLanguage: "fr",
		Engine: pseudo.Name, Model: "pseudo", SegmentSize: 500, Quote: new(engine.USD(0)), SealedKey: "sealed",
	}
	planned := make([]pipeline.Segment, segments)
	for i := range planned {
		planned[i] = pipeline.Segment{Position: i, Blocks: []pipeline.Block{{ID: document.BlockID(i + 1), Text: "One whale."}}}
	}
	for _, err := range []error{
		s.ledger.create(ctx, job, 1000),
		s.ledger.move(ctx, id, begin(), nil),
		s.ledger.plan(ctx, id, planned),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return id
}

func (s *setup) mustRead(t testing.TB, id string) *records.Job {
	t.Helper()
	job, err := s.ledger.job(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// settled returns a work on a segment and an outcome of it.
func settled(jobID string, position int) (pipeline.Work, pipeline.Outcome) {
	return pipeline.Work{JobID: jobID, Position: position, Model: "pseudo"},
		pipeline.Outcome{
			Blocks:   []engine.Block{{ID: document.BlockID(position + 1), Text: "Une baleine."}},
			Requests: 1,
			Spent:    engine.Spending{"pseudo": {InputTokens: 3, OutputTokens: 4, ThinkingTokens: 5}},
		}
}

// settlementOf is a settlement of which nothing is to be paid.
func settlementOf(work pipeline.Work, outcome pipeline.Outcome) settlement {
	return settlement{work: work, outcome: outcome, cost: bill{usage: outcome.Spent.Total(), cost: new(engine.USD(0))}}
}

// config is a configuration that works.
func config() Config {
	return Config{
		Formats:     document.Formats{txt.Format{}},
		Engines:     []engine.Engine{pseudo.New(pseudo.Config{})},
		RequireUser: &hook.Handler[*core.RequestEvent]{Func: func(e *core.RequestEvent) error { return e.Next() }},
		SealingKey:  make([]byte, 32),
	}
}

func TestRegisterRefusesWhatCannotWork(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*Config)
	}{
		{"no format", func(c *Config) { c.Formats = nil }},
		{"no engine", func(c *Config) { c.Engines = nil }},
		{"no middleware", func(c *Config) { c.RequireUser = nil }},
		{"a short sealing key", func(c *Config) { c.SealingKey = make([]byte, 16) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wrong := config()
			test.spoil(&wrong)
			if _, err := Register(newSetup(t).app, wrong); err == nil {
				t.Error("it was registered")
			}
		})
	}
}

func TestDisplayName(t *testing.T) {
	tests := []struct{ sent, want string }{
		{"moby-dick.txt", "moby-dick.txt"},
		{`C:\books\moby.txt`, "moby.txt"},
		{"../../etc/passwd", "passwd"},
		{"", "document"},
		{"..", "document"},
		{"/", "document"},
		{"白鯨.txt", "白鯨.txt"},
		{"a\x00\r\nb.txt", "ab.txt"},
		{"innocent\u202etxt.exe", "innocenttxt.exe"},
	}
	for _, test := range tests {
		if got := displayName(test.sent); got != test.want {
			t.Errorf("%q became %q, want %q", test.sent, got, test.want)
		}
	}
	// A name as long as a part's header may be takes no time.
	if huge := displayName(strings.Repeat("鯨", 3<<20) + ".txt"); len(huge) > maxFilename || !strings.HasSuffix(huge, ".txt") {
		t.Errorf("a huge name became %d bytes", len(huge))
	}
	long := displayName(fmt.Sprintf("%0300d鯨.txt", 1))
	if len(long) > maxFilename || long[len(long)-4:] != ".txt" {
		t.Errorf("a long name became %q", long)
	}
}

func TestDisposition(t *testing.T) {
	tests := []struct{ filename, want string }{
		{"moby.txt", `attachment; filename="moby_translated.txt"; filename*=UTF-8''moby_translated.txt`},
		{"moby", `attachment; filename="moby_translated.txt"; filename*=UTF-8''moby_translated.txt`},
		{`a "b" c.txt`, `attachment; filename="a _b_ c_translated.txt"; filename*=UTF-8''a%20%22b%22%20c_translated.txt`},
		{"鯨(1).txt", `attachment; filename="_(1)_translated.txt"; filename*=UTF-8''%E9%AF%A8%281%29_translated.txt`},
		{"50%.txt", `attachment; filename="50__translated.txt"; filename*=UTF-8''50%25_translated.txt`},
	}
	for _, test := range tests {
		if got := disposition(test.filename, ".txt"); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.filename, got, test.want)
		}
	}
}

func TestSealer(t *testing.T) {
	first, err := newSealer(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	sealed := first.seal("job-1", "sk-secret")
	if opened, err := first.open("job-1", sealed); err != nil || opened != "sk-secret" {
		t.Errorf("opened %q, %v", opened, err)
	}
	if again := first.seal("job-1", "sk-secret"); again == sealed {
		t.Error("the same key sealed twice looks the same")
	}
	second, _ := newSealer(append(make([]byte, 31), 1))
	for name, open := range map[string]func() (string, error){
		"for another job":    func() (string, error) { return first.open("job-2", sealed) },
		"with another key":   func() (string, error) { return second.open("job-1", sealed) },
		"damaged":            func() (string, error) { return first.open("job-1", sealed[:20]) },
		"not even base64":    func() (string, error) { return first.open("job-1", "?") },
		"changed in the end": func() (string, error) { return first.open("job-1", sealed[:len(sealed)-4]+"AAAA") },
	} {
		if opened, err := open(); err == nil {
			t.Errorf("%s: opened %q", name, opened)
		}
	}
}
