package notices_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
	"github.com/pocketbase/pocketbase/tools/hook"
	"go.uber.org/goleak"

	"verso/hooks/notices"
	"verso/hooks/records"
	_ "verso/migrations"
	"verso/tests/mailbox"
)

// migratedDir is a data directory with the schema in it. Each test works on a
// copy: applying the migrations takes most of a second.
var migratedDir string

func TestMain(m *testing.M) {
	code, err := runMigrated(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func runMigrated(m *testing.M) (code int, err error) {
	empty, err := os.MkdirTemp("", "notices")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(empty)
	app, err := tests.NewTestApp(empty)
	if err != nil {
		return 0, err
	}
	defer app.Cleanup()
	if err := app.ResetBootstrapState(); err != nil { // closes the databases
		return 0, err
	}
	migratedDir = app.DataDir()
	code = m.Run()
	if code == 0 {
		err = goleak.Find(
			// PocketBase's watcher of the data directory and its log writer
			// live as long as the process.
			goleak.IgnoreAnyFunction("github.com/pocketbase/pocketbase/tools/routine.FireAndForget.func1"),
			goleak.IgnoreAnyFunction("github.com/fsnotify/fsnotify.(*inotify).readEvents"),
		)
	}
	return code, err
}

const (
	sender    = "verso@example.org"
	publicURL = "https://verso.example.org"
	soon      = 20 * time.Second // longer than anything takes that is to happen
)

// service is an app with the plugin, serving.
type service struct {
	*notices.Notices
	app     *tests.TestApp
	handler http.Handler
	clock   *clock
}

// clock is a clock that tests set.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += by
}

// newApp returns an app on a copy of a data directory, with PocketBase's own mailer.
func newApp(t testing.TB, dir string) *tests.TestApp {
	t.Helper()
	app, err := tests.NewTestApp(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Cleanup)
	app.OnMailerSend().UnbindAll() // of the one that only takes notes
	return app
}

// sendTo writes mail settings.
func sendTo(t testing.TB, app core.App, port int) {
	t.Helper()
	settings := app.Settings()
	settings.Meta.SenderAddress, settings.Meta.SenderName = sender, "Verso"
	settings.SMTP.Enabled, settings.SMTP.Host, settings.SMTP.Port = true, "127.0.0.1", port
	if err := app.Save(settings); err != nil {
		t.Fatal(err)
	}
}

// errNoWorker ends the start of a server just before the plugin begins its worker.
var errNoWorker = errors.New("no worker")

// start has an app serve with the plugin, but without its worker: what is sent is
// sent by [service.look], until Begin is called.
func start(t testing.TB, app *tests.TestApp) *service {
	t.Helper()
	s := &service{app: app, clock: &clock{}}
	s.Notices = notices.MustRegister(app, notices.Config{
		Key: []byte(strings.Repeat("k", 32)), RequireUser: requireUser(), PublicURL: publicURL + "/", Poll: time.Hour, Now: s.clock.now,
	})
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	err = app.OnServe().Trigger(&core.ServeEvent{App: app, Router: router}, func(e *core.ServeEvent) error {
		var err error
		s.handler, err = e.Router.BuildMux()
		return errors.Join(err, errNoWorker)
	})
	if s.handler == nil || !errors.Is(err, errNoWorker) {
		t.Fatal(err)
	}
	return s
}

// requireUser takes a header's word for who is asking.
func requireUser() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{Func: func(e *core.RequestEvent) error {
		collection, id, _ := strings.Cut(e.Request.Header.Get("X-Test-User"), "/")
		record, err := e.App.FindRecordById(collection, id)
		if err != nil {
			return e.UnauthorizedError("", err)
		}
		e.Auth = record
		return e.Next()
	}}
}

// serve returns a service that sends to a mailbox, both new.
func serve(t testing.TB) (*service, *mailbox.Mailbox) {
	t.Helper()
	box, app := mailbox.Open(t), newApp(t, migratedDir)
	sendTo(t, app, box.Port)
	return start(t, app), box
}

// look sends what is due.
func (s *service) look(t testing.TB) {
	t.Helper()
	if err := s.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// addUser adds a person, whose id has 15 characters.
func (s *service) addUser(t testing.TB, id, address string) string {
	t.Helper()
	collection, err := s.app.FindCollectionByNameOrId(records.CollectionUsers)
	if err != nil {
		t.Fatal(err)
	}
	user := records.NewUser(core.NewRecord(collection))
	user.Id = id
	user.SetClerkUserID("user_" + id)
	user.SetClerkEmail(address)
	user.ForbidPassword()
	if err := s.app.Save(user); err != nil {
		t.Fatal(err)
	}
	return id
}

// addJob adds a job that is being translated.
func (s *service) addJob(t testing.TB, owner, filename string) string {
	t.Helper()
	collection, err := s.app.FindCollectionByNameOrId(records.CollectionJobs)
	if err != nil {
		t.Fatal(err)
	}
	job := core.NewRecord(collection)
	job.Load(map[string]any{
		"filename": filename, "status": "PROCESSING", "owner_id": owner, "engine": "pseudo", "source_language": "en", "target_language": "ko",
	})
	if err := s.app.Save(job); err != nil {
		t.Fatal(err)
	}
	return job.Id
}

// move changes a job as translation's ledger does, with SQL.
func (s *service) move(t testing.TB, job, set string) {
	t.Helper()
	if _, err := s.app.DB().NewQuery("UPDATE translation_jobs SET " + set + " WHERE id = {:id}").Bind(dbx.Params{"id": job}).Execute(); err != nil {
		t.Fatal(err)
	}
}

// text returns a query's only column as one text.
func (s *service) text(t testing.TB, query string) string {
	t.Helper()
	var rows []string
	if err := s.app.DB().NewQuery(query).Column(&rows); err != nil {
		t.Fatal(err)
	}
	return strings.Join(rows, ", ")
}

// states returns the states of all notices, sorted.
func (s *service) states(t testing.TB) string {
	t.Helper()
	return s.text(t, "SELECT state FROM job_notices ORDER BY state")
}

// ask sends a request as one person, or as nobody.
func (s *service) ask(method, path, user, body string, header ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if user != "" {
		request.Header.Set("X-Test-User", user)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	s.handler.ServeHTTP(answer, request)
	return answer
}

func TestRegister(t *testing.T) {
	t.Parallel()
	app := newApp(t, migratedDir)
	for name, config := range map[string]notices.Config{
		"Config.Key":         {Key: make([]byte, 31), RequireUser: requireUser()},
		"Config.RequireUser": {Key: make([]byte, 32)},
	} {
		if _, err := notices.Register(app, config); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is wrong: %v", name, err)
		}
	}
}

// TestWake holds that the worker sends without being asked twice, and ends.
func TestWake(t *testing.T) {
	t.Parallel()
	s, box := serve(t)
	s.Begin()
	s.Begin() // an app may serve a second time
	job := s.addJob(t, s.addUser(t, "ada000000000000", "ada@example.com"), "moby.txt")
	s.move(t, job, "status = 'COMPLETED'")
	s.Wake()
	if mail := box.Next(t, soon); !slices.Equal(mail.To, []string{"ada@example.com"}) || mail.From != sender {
		t.Errorf("from %s to %s", mail.From, mail.To)
	}
}
