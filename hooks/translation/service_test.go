package translation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
	"github.com/pocketbase/pocketbase/tools/hook"

	"verso/hooks/records"
	"verso/hooks/translation/document"
	"verso/hooks/translation/document/txt"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"
)

// service is the plugin in a running app, asked through its router. Who asks
// is said by a header instead of a token.
type service struct {
	*setup
	plugin  *plugin
	handler http.Handler
}

// asUser is the header that names who asks.
const asUser = "X-Test-User"

func mustServe(t testing.TB, change func(*Config)) *service {
	t.Helper()
	s := newSetup(t)
	settings := config()
	settings.RequireUser = &hook.Handler[*core.RequestEvent]{Func: func(e *core.RequestEvent) error {
		if e.Auth == nil {
			return e.UnauthorizedError("", nil)
		}
		return e.Next()
	}}
	s.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.BindFunc(func(e *core.RequestEvent) error {
			id := e.Request.Header.Get(asUser)
			if e.Auth, _ = s.app.FindRecordById(records.CollectionUsers, id); e.Auth == nil {
				e.Auth, _ = s.app.FindRecordById(core.CollectionNameSuperusers, id)
			}
			return e.Next()
		})
		return e.Next()
	})
	if change != nil {
		change(&settings)
	}
	p, err := newPlugin(s.app, settings)
	if err != nil {
		t.Fatal(err)
	}
	p.bind()
	return &service{setup: s, plugin: p, handler: mustBegin(t, s.app)}
}

// mustBegin lets the app begin to serve, without a listener.
func mustBegin(t testing.TB, app *tests.TestApp) (handler http.Handler) {
	t.Helper()
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	err = app.OnServe().Trigger(&core.ServeEvent{App: app, Router: router}, func(e *core.ServeEvent) (err error) {
		handler, err = e.Router.BuildMux()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.OnTerminate().Trigger(&core.TerminateEvent{App: app}); err != nil {
			t.Error(err)
		}
	})
	return handler
}

func (s *service) do(method, path string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, body)
	request.Header.Set(asUser, s.owner.Id)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	s.handler.ServeHTTP(answer, request)
	return answer
}

// mustUpload uploads a text and returns the job's id.
func (s *service) mustUpload(t testing.TB, text string, fields ...string) string {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		form.WriteField(fields[i], fields[i+1])
	}
	part, _ := form.CreateFormFile("file", "a.txt")
	io.WriteString(part, text)
	form.Close()
	answer := s.do(http.MethodPost, "/uploadfile/", &body, "Content-Type", form.FormDataContentType())
	if answer.Code != http.StatusOK {
		t.Fatalf("upload: %d %s", answer.Code, answer.Body)
	}
	var job struct{ ID string }
	if err := json.Unmarshal(answer.Body.Bytes(), &job); err != nil {
		t.Fatal(err)
	}
	return job.ID
}

// until reads the client's messages until the job has one of the statuses.
func (s *service) until(t testing.TB, client *client, jobID string, statuses ...records.Status) *records.Job {
	t.Helper()
	// The turn may have come before the client listened.
	for deadline := time.After(30 * time.Second); ; {
		job := s.mustRead(t, jobID)
		for _, status := range statuses {
			if job.Status() == status {
				return job
			}
		}
		select {
		case <-client.Channel():
		case <-deadline:
			t.Fatalf("the job is still %s: %v", job.Status(), job.FieldsData())
		}
	}
}

func TestWholeWay(t *testing.T) {
	s := mustServe(t, nil)
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	id := s.mustUpload(t, "One whale.\n\nTwo whales.", "target_language", "fr", "api_key", "sk-secret")
	s.until(t, client, id, records.StatusCompleted)
	if got := s.do(http.MethodGet, "/download/"+id, nil).Body.String(); got != pseudo.Accent("One whale.")+"\n\n"+pseudo.Accent("Two whales.") {
		t.Errorf("got %q", got)
	}
	if sealed, err := s.ledger.sealedKey(context.Background(), id); err != nil || sealed != "" {
		t.Errorf("the key is still there: %q, %v", sealed, err)
	}
	// The runner lets go of a job right after its end was written.
	s.plugin.runner.drain(time.Second)
	if len(s.plugin.runner.active) != 0 || len(s.plugin.runner.schedule.jobs) != 0 {
		t.Errorf("%d jobs are remembered", len(s.plugin.runner.active))
	}
}

// explosive is a format whose parser panics when a document is planned, and
// not yet when it is uploaded.
type explosive struct {
	txt.Format
	parsed *int
}

func (f explosive) Parse(ctx context.Context, data string, options document.Options) (document.Document, error) {
	*f.parsed++
	if *f.parsed == 2 {
		panic("boom")
	}
	return f.Format.Parse(ctx, data, options)
}

func TestPanicEndsTheJobAlone(t *testing.T) {
	s := mustServe(t, func(c *Config) { c.Formats = document.Formats{explosive{parsed: new(int)}} })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	first := s.until(t, client, s.mustUpload(t, "One whale."), records.StatusFailed)
	if !strings.Contains(first.ErrorMessage(), "error in the service") || strings.Contains(first.ErrorMessage(), "boom") {
		t.Errorf("its owner is told %q", first.ErrorMessage())
	}
	s.until(t, client, s.mustUpload(t, "Two whales."), records.StatusCompleted)
}

func TestNothingTranslatedFails(t *testing.T) {
	s := mustServe(t, func(c *Config) {
		c.Engines = []engine.Engine{pseudo.New(pseudo.Config{Faults: pseudo.Faults{pseudo.FaultBlocked: 1}})}
	})
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	job := s.until(t, client, s.mustUpload(t, "One whale."), records.StatusFailed)
	if !strings.HasPrefix(job.ErrorMessage(), "No part of the document could be translated.") || job.Progress() == 100 || job.OutputFile() != "" {
		t.Errorf("got %v", job.FieldsData())
	}
}

// flaky is the offline engine, out of reach for its first requests.
type flaky struct {
	*pseudo.Engine
	away atomic.Int32
}

func (f *flaky) Translate(ctx context.Context, r engine.Request) (engine.Response, error) {
	if f.away.Add(-1) >= 0 {
		return engine.Response{}, &engine.Error{Kind: engine.Unreachable, Err: errors.New("away")}
	}
	return f.Engine.Translate(ctx, r)
}

// TestEngineComesBack holds that an engine that was away costs no block.
func TestEngineComesBack(t *testing.T) {
	away := &flaky{Engine: pseudo.New(pseudo.Config{})}
	away.away.Store(4)
	s := mustServe(t, func(c *Config) { c.Engines = []engine.Engine{away} })
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	job := s.until(t, client, s.mustUpload(t, strings.Repeat("One whale.\n\n", 300), "segment_size", "500"), records.StatusCompleted)
	if job.IssuesCount() != 0 {
		t.Errorf("got %v", job.FieldsData())
	}
}

// TestUnreadableFails holds that a job whose document is gone ends, and does
// not try for ever.
func TestUnreadableFails(t *testing.T) {
	s := mustServe(t, nil)
	s.plugin.runner.drain(0)
	id := s.mustUpload(t, "One whale.")
	if err := s.plugin.files.remove(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	if err := s.plugin.runner.start(); err != nil {
		t.Fatal(err)
	}
	if job := s.until(t, client, id, records.StatusFailed); !strings.Contains(job.ErrorMessage(), "Upload it again") {
		t.Errorf("its owner is told %q", job.ErrorMessage())
	}
}

// TestPlannedTwice plans a job whose segments were written by an attempt that
// failed right afterwards.
func TestPlannedTwice(t *testing.T) {
	s := mustServe(t, nil)
	s.plugin.runner.drain(0)
	id := s.mustUpload(t, "One whale.")
	order, err := s.plugin.documents.order(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	segments, err := s.plugin.documents.segments(context.Background(), order, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.ledger.move(context.Background(), id, begin(), nil), s.ledger.plan(context.Background(), id, segments)); err != nil {
		t.Fatal(err)
	}
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	s.plugin.runner.mu.Lock()
	s.plugin.runner.ctx, s.plugin.runner.cancel = context.WithCancelCause(context.Background())
	s.plugin.runner.mu.Unlock()
	active := &activeJob{owner: s.owner.Id, ctx: context.Background()}
	active.order.Store(order)
	if err := s.plugin.runner.plan(context.Background(), task{job: id, queue: &jobQueue{}}, active, order); err != nil {
		t.Errorf("the second plan: %v", err)
	}
	if err := s.plugin.runner.start(); err != nil {
		t.Fatal(err)
	}
	s.until(t, client, id, records.StatusCompleted)
}

// TestPauses holds that a job that cannot go on waits with its reason.
func TestPauses(t *testing.T) {
	tests := []struct {
		name   string
		spoil  func(t *testing.T, s *service, id string)
		reason records.PauseReason
	}{
		{"its engine is not on offer any more", func(t *testing.T, s *service, id string) {
			mustExec(t, s, `UPDATE translation_jobs SET engine = 'gone' WHERE id = '`+id+`'`)
		}, records.PausedByModel},
		{"its key cannot be opened any more", func(t *testing.T, s *service, id string) {
			mustExec(t, s, `INSERT INTO sealed_keys (id, job, sealed) VALUES ('kkkkkkkkkkkkkkk', '`+id+`', 'nonsense')`)
		}, records.PausedByKey},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := mustServe(t, nil)
			s.plugin.runner.drain(0)
			id := s.mustUpload(t, "One whale.")
			test.spoil(t, s, id)
			client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
			if err := s.plugin.runner.start(); err != nil {
				t.Fatal(err)
			}
			job := s.until(t, client, id, records.StatusPaused, records.StatusFailed, records.StatusCompleted)
			if job.Status() != records.StatusPaused || job.PauseReason() != test.reason {
				t.Errorf("got %s for %q", job.Status(), job.PauseReason())
			}
		})
	}
}

func mustExec(t *testing.T, s *service, statement string) {
	t.Helper()
	if _, err := s.app.NonconcurrentDB().NewQuery(statement).Execute(); err != nil {
		t.Fatal(err)
	}
}

// TestStartAndDrain stops and starts the runner again and again under work;
// every segment is settled once and nothing runs on.
func TestStartAndDrain(t *testing.T) {
	s := mustServe(t, func(c *Config) {
		c.Engines = []engine.Engine{pseudo.New(pseudo.Config{Delay: 3 * time.Millisecond})}
	})
	var ids []string
	for range 3 {
		ids = append(ids, s.mustUpload(t, strings.Repeat("One whale and another one.\n\n", 800), "segment_size", "500"))
	}
	for i := range 30 {
		// Sometimes work in flight may finish, sometimes it is cut off.
		s.plugin.runner.drain(time.Duration(i%3) * 2 * time.Millisecond)
		if err := s.plugin.runner.start(); err != nil {
			t.Fatal(err)
		}
	}
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	for _, id := range ids {
		job := s.until(t, client, id, records.StatusCompleted)
		if job.SegmentsDone() != job.SegmentsTotal() || job.Revision() != job.SegmentsTotal() || job.IssuesCount() != 0 {
			t.Errorf("got %v", job.FieldsData())
		}
	}
}

// TestDeletedWhileRunning deletes jobs at any moment of their lives; nothing of
// them is left and the others go on.
func TestDeletedWhileRunning(t *testing.T) {
	s := mustServe(t, func(c *Config) {
		c.Engines = []engine.Engine{pseudo.New(pseudo.Config{Delay: time.Millisecond})}
	})
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	stays := s.mustUpload(t, strings.Repeat("One whale.\n\n", 50), "segment_size", "500")
	for range 20 {
		id := s.mustUpload(t, strings.Repeat("Two whales.\n\n", 300), "segment_size", "500")
		if answer := s.do(http.MethodDelete, "/api/v1/jobs/"+id, nil); answer.Code != http.StatusNoContent {
			t.Fatalf("got %d %s", answer.Code, answer.Body)
		}
		if answer := s.do(http.MethodGet, "/status/"+id, nil); answer.Code != http.StatusNotFound {
			t.Errorf("a deleted job answers %d", answer.Code)
		}
	}
	s.until(t, client, stays, records.StatusCompleted)
	s.plugin.runner.drain(5 * time.Second)
	for _, table := range []string{"translation_jobs", "translation_briefs"} {
		if n, _ := s.app.CountRecords(table); n != 1 {
			t.Errorf("%d rows in %s, want 1", n, table)
		}
	}
	removed, err := s.plugin.files.sweep(context.Background(), time.Now(), s.plugin.filesOf)
	if err != nil || removed != 0 {
		t.Errorf("files of %d deleted jobs were left, %v", removed, err)
	}
}

// TestOwnerDeleted holds that a deleted user's work ends, his key is gone, and
// his rows stay with no owner.
func TestOwnerDeleted(t *testing.T) {
	s := mustServe(t, func(c *Config) {
		c.Engines = []engine.Engine{pseudo.New(pseudo.Config{Delay: time.Hour})}
	})
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	id := s.mustUpload(t, "One whale.", "api_key", "sk-secret")
	s.until(t, client, id, records.StatusProcessing)
	if err := s.app.Delete(s.owner); err != nil {
		t.Fatal(err)
	}
	job := s.mustRead(t, id)
	if job.Status() != records.StatusCancelled || job.OwnerID() != "" || job.CompletedAt().IsZero() {
		t.Errorf("got %v", job.FieldsData())
	}
	if sealed, err := s.ledger.sealedKey(context.Background(), id); err != nil || sealed != "" {
		t.Errorf("the key is still there: %q, %v", sealed, err)
	}
	s.plugin.runner.drain(0)
}

// TestDocumentsOfDeletedUser holds what becomes of finished work: it is erased but
// for the bare row, or kept with no owner.
func TestDocumentsOfDeletedUser(t *testing.T) {
	for _, keep := range []bool{false, true} {
		t.Run(fmt.Sprint("keep=", keep), func(t *testing.T) {
			s := mustServe(t, func(c *Config) { c.KeepDocumentsOfDeletedUsers = keep })
			client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
			id := s.mustUpload(t, "One whale.")
			s.until(t, client, id, records.StatusCompleted)
			if err := s.app.Delete(s.owner); err != nil {
				t.Fatal(err)
			}
			job := s.mustRead(t, id)
			if job.Status() != records.StatusCompleted || job.OwnerID() != "" || (job.Filename() != "") != keep || (job.SourceFile() != "") != keep {
				t.Errorf("the row is %v", job.FieldsData())
			}
			for _, collection := range []string{records.CollectionSegments, records.CollectionBriefs} {
				if n, err := s.app.CountRecords(collection); err != nil || (n > 0) != keep {
					t.Errorf("%d rows of %s, %v", n, collection, err)
				}
			}
			fsys, err := s.app.NewFilesystem()
			if err != nil {
				t.Fatal(err)
			}
			defer fsys.Close()
			files, err := fsys.List(job.BaseFilesPath())
			if err != nil || (len(files) > 0) != keep {
				t.Errorf("%d files, %v", len(files), err)
			}
		})
	}
}

// TestFailedDeletion holds that a job whose deletion fails loses nothing and
// goes on.
func TestFailedDeletion(t *testing.T) {
	s := mustServe(t, func(c *Config) {
		c.Engines = []engine.Engine{pseudo.New(pseudo.Config{Delay: 20 * time.Millisecond})}
	})
	s.app.OnRecordDeleteExecute(records.CollectionJobs).Bind(&hook.Handler[*core.RecordEvent]{
		Func: func(*core.RecordEvent) error { return errors.New("no") }, Priority: insideDeletionPriority + 1,
	})
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	id := s.mustUpload(t, strings.Repeat("One whale.\n\n", 300), "segment_size", "500")
	s.until(t, client, id, records.StatusProcessing)
	if answer := s.do(http.MethodDelete, "/api/v1/jobs/"+id, nil); answer.Code != http.StatusInternalServerError {
		t.Fatalf("got %d", answer.Code)
	}
	job := s.until(t, client, id, records.StatusCompleted)
	if job.SegmentsDone() != job.SegmentsTotal() {
		t.Errorf("got %v", job.FieldsData())
	}
}

func TestSweep(t *testing.T) {
	s := mustServe(t, nil)
	ctx := context.Background()
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	kept := s.mustUpload(t, "One whale.")
	s.until(t, client, kept, records.StatusCompleted)
	prefix, err := s.plugin.files.prefix("lostlostlostlos")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.plugin.files.write(ctx, prefix+"source.txt", "x", strings.NewReader("left by a crash")); err != nil {
		t.Fatal(err)
	}
	if removed, err := s.plugin.files.sweep(ctx, time.Now().Add(-time.Hour), s.plugin.filesOf); err != nil || removed != 0 {
		t.Errorf("what may be an upload under way was swept: %d, %v", removed, err)
	}
	if removed, err := s.plugin.files.sweep(ctx, time.Now().Add(time.Hour), s.plugin.filesOf); err != nil || removed != 1 {
		t.Errorf("%d were swept, want 1; %v", removed, err)
	}
	done := s.plugin.files.expect("lostlostlostlos")
	if err := s.plugin.files.write(ctx, prefix+"source.txt", "x", strings.NewReader("being uploaded")); err != nil {
		t.Fatal(err)
	}
	if removed, err := s.plugin.files.sweep(ctx, time.Now().Add(time.Hour), s.plugin.filesOf); err != nil || removed != 0 {
		t.Errorf("an upload under way was swept: %d, %v", removed, err)
	}
	done()
	if removed, err := s.plugin.files.sweep(ctx, time.Now().Add(time.Hour), s.plugin.filesOf); err != nil || removed != 1 {
		t.Errorf("what an upload left was swept %d times, want once; %v", removed, err)
	}
	if err := s.plugin.files.write(ctx, strings.Replace(prefix, "lostlostlostlos", kept, 1)+"output.txt.4242.tmp", "x", strings.NewReader("half")); err != nil {
		t.Fatal(err)
	}
	if removed, err := s.plugin.files.sweep(ctx, time.Now().Add(time.Hour), s.plugin.filesOf); err != nil || removed != 1 {
		t.Errorf("half an output was swept %d times, want once; %v", removed, err)
	}
	if err := s.plugin.files.write(ctx, prefix+"source.txt", "x", strings.NewReader("its attributes come first")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(s.app.DataDir(), core.LocalStorageDirName, prefix, "source.txt")); err != nil {
		t.Fatal(err)
	}
	if removed, err := s.plugin.files.sweep(ctx, time.Now().Add(time.Hour), s.plugin.filesOf); err != nil || removed != 1 {
		t.Errorf("attributes without a file were swept %d times, want once; %v", removed, err)
	}
	if answer := s.do(http.MethodGet, "/download/"+kept, nil); answer.Code != http.StatusOK {
		t.Errorf("a job's file was swept: %d", answer.Code)
	}
}
