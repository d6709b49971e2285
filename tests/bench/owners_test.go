package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	pbtests "github.com/pocketbase/pocketbase/tests"
	"github.com/pocketbase/pocketbase/tools/hook"

	"verso/hooks/records"
	"verso/hooks/translation"
	"verso/hooks/translation/document"
	"verso/hooks/translation/document/txt"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/pseudo"

	_ "verso/migrations"
)

const (
	owners       = 20
	jobsEach     = 10
	segmentsEach = 50
	ownersDelay  = 50 * time.Millisecond
	places       = 32 // segments in flight, the default
)

// asker is the header that says who asks, in place of a token: who signs in is
// not what is measured.
const asker = "X-Bench-User"

// crowd is the translation plugin in this process, so that its goroutines and
// its heap can be counted.
type crowd struct {
	app     *pbtests.TestApp
	handler http.Handler
}

// newApp returns an empty app whose data goes with the benchmark.
func newApp(b *testing.B) *pbtests.TestApp {
	b.Helper()
	dir, err := os.MkdirTemp("", "verso-bench-")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	app, err := pbtests.NewTestApp(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(app.Cleanup)
	return app
}

func newCrowd(b *testing.B) *crowd {
	b.Helper()
	app := newApp(b)
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.BindFunc(func(e *core.RequestEvent) error {
			e.Auth, _ = app.FindRecordById(records.CollectionUsers, e.Request.Header.Get(asker))
			return e.Next()
		})
		return e.Next()
	})
	translation.MustRegister(app, translation.Config{
		Formats:       document.Formats{txt.Format{}},
		Engines:       []engine.Engine{pseudo.New(pseudo.Config{Delay: ownersDelay})},
		SealingKey:    make([]byte, 32),
		RequireUser:   &hook.Handler[*core.RequestEvent]{Func: func(e *core.RequestEvent) error { return e.Next() }},
		Concurrency:   places,
		MaxActiveJobs: owners * jobsEach,
	})
	return &crowd{app: app, handler: begin(b, app)}
}

// begin lets an app begin to serve, without a listener.
func begin(b *testing.B, app *pbtests.TestApp) (handler http.Handler) {
	b.Helper()
	router, err := apis.NewRouter(app)
	if err != nil {
		b.Fatal(err)
	}
	err = app.OnServe().Trigger(&core.ServeEvent{App: app, Router: router}, func(e *core.ServeEvent) (err error) {
		handler, err = e.Router.BuildMux()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := app.OnTerminate().Trigger(&core.TerminateEvent{App: app}); err != nil {
			b.Error(err)
		}
	})
	return handler
}

func (c *crowd) mustUser(b *testing.B, n int) string {
	b.Helper()
	users, err := c.app.FindCollectionByNameOrId(records.CollectionUsers)
	if err != nil {
		b.Fatal(err)
	}
	user := records.NewUser(core.NewRecord(users))
	user.SetClerkUserID(fmt.Sprint("user_", n))
	user.ForbidPassword()
	if err := c.app.Save(user); err != nil {
		b.Fatal(err)
	}
	return user.Id
}

// mustUpload uploads a document of segmentsEach segments of one block each.
func (c *crowd) mustUpload(b *testing.B, user string) {
	b.Helper()
	paragraph := strings.TrimSpace(strings.Repeat("He saw the white whale near the ship once more, and nobody spoke. ", 7))
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	form.WriteField("segment_size", "500")
	form.WriteField("target_language", "fr")
	form.WriteField("memory", "false")
	part, _ := form.CreateFormFile("file", "book.txt")
	for n := range segmentsEach { // a text that stands there twice is asked for once
		fmt.Fprintf(part, "%d. %s\n\n", 100+n, paragraph)
	}
	form.Close()
	request := httptest.NewRequest(http.MethodPost, "/uploadfile/", &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set(asker, user)
	answer := httptest.NewRecorder()
	c.handler.ServeHTTP(answer, request)
	var job struct{ ID string }
	if err := json.Unmarshal(answer.Body.Bytes(), &job); err != nil || answer.Code != http.StatusOK {
		b.Fatalf("upload: %d %s", answer.Code, answer.Body)
	}
}

// ends returns when each owner's last job was completed, once all are.
func (c *crowd) ends(b *testing.B) map[string]time.Time {
	b.Helper()
	var rows []struct {
		Owner     string `db:"owner_id"`
		Completed string `db:"completed_at"`
		Issues    int    `db:"issues_count"`
	}
	err := c.app.ConcurrentDB().NewQuery(`SELECT owner_id, completed_at, issues_count FROM translation_jobs`).All(&rows)
	if err != nil {
		b.Fatal(err)
	}
	ends := map[string]time.Time{}
	for _, row := range rows {
		at, err := time.Parse("2006-01-02 15:04:05.000Z", row.Completed)
		if err != nil || row.Issues != 0 {
			return nil
		}
		if at.After(ends[row.Owner]) {
			ends[row.Owner] = at
		}
	}
	return ends
}

// BenchmarkOwners lets twenty people translate ten documents of fifty segments
// each at once, with an engine that takes 50 ms, and looks at the whole time
// beside the least possible, at how evenly the twenty are served, and at what
// waiting costs.
func BenchmarkOwners(b *testing.B) {
	c := newCrowd(b)
	var users []string
	for n := range owners {
		users = append(users, c.mustUser(b, n))
	}
	idle, heap := runtime.NumGoroutine(), heapInUse()

	begun := time.Now()
	for range jobsEach {
		for _, user := range users {
			c.mustUpload(b, user)
		}
	}
	uploaded := time.Since(begun)
	mostGoroutines, mostHeap, samples := 0, uint64(0), 0
	var ends map[string]time.Time
	for tick := time.NewTicker(20 * time.Millisecond); ends == nil; samples++ {
		<-tick.C
		mostGoroutines = max(mostGoroutines, runtime.NumGoroutine())
		if samples%10 == 0 {
			mostHeap = max(mostHeap, heapInUse())
			ends = c.ends(b)
		}
	}
	var took []time.Duration
	for _, at := range ends {
		took = append(took, at.Sub(begun))
	}
	slices.Sort(took)
	wall := took[len(took)-1]
	rounds := math.Ceil(float64(owners*jobsEach*segmentsEach) / places)
	least := time.Duration(rounds) * ownersDelay
	mustTake(b, wall, least)

	what := fmt.Sprintf("%d jobs of %d segments from %d owners", owners*jobsEach, segmentsEach, owners)
	table.add(translating, what, wall.Round(time.Millisecond).String(),
		fmt.Sprintf("⌈%d/%d⌉ × %s = %s, ratio %.3f; %d uploads within it took %s", owners*jobsEach*segmentsEach, places, ownersDelay, least, wall.Seconds()/least.Seconds(), owners*jobsEach, uploaded.Round(time.Millisecond)))
	table.add(translating, "  finish times of equal owners", (took[len(took)-1] - took[0]).Round(time.Millisecond).String(),
		fmt.Sprintf("from %s to %s: %.1f %% of the whole", took[0].Round(time.Millisecond), wall.Round(time.Millisecond), 100*(took[len(took)-1]-took[0]).Seconds()/wall.Seconds()))
	table.add(translating, "  goroutines at most", fmt.Sprint(mostGoroutines), fmt.Sprintf("idle %d; %d segments in flight, up to %d waiting", idle, places, owners*jobsEach*segmentsEach-places))
	table.add(translating, "  heap at most", fmt.Sprintf("%.0f MB", megabytes(int64(mostHeap))), fmt.Sprintf("idle %.0f MB", megabytes(int64(heap))))
}

func heapInUse() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapInuse
}
