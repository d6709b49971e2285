// Package translation is Verso's main job: a document comes in, is translated
// segment by segment, and goes out in the same format.
//
// It owns the routes around a job, the ledger in which every segment's fate is
// written, and the scheduler that decides whose segment is next:
//
//	translation.MustRegister(app, translation.Config{
//		Formats:     document.Formats{txt.Format{}},
//		Engines:     []engine.Engine{pseudo.New(pseudo.Config{})},
//		SealingKey:  key, // 32 bytes
//		RequireUser: clerkauth.RequireUser(),
//	})
//
// The ledger is the queue. What is not settled in the database is to be done,
// whatever happened to the process that was doing it; nothing else remembers
// work. The packages document, engine and pipeline below this one know neither
// PocketBase nor users; only the files of this package know both sides.
package translation

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"golang.org/x/sync/singleflight"

	"verso/hooks/translation/document"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/lane"
	"verso/hooks/translation/pipeline"
)

// Config configures the plugin.
type Config struct {
	// Formats are the file formats on offer, in the order in which a file is
	// tried on them. Required.
	Formats document.Formats
	// Engines are the engines on offer, the default first. Required.
	Engines []engine.Engine
	// RequireUser is the middleware that refuses guests. Required.
	RequireUser *hook.Handler[*core.RequestEvent]
	// BodyBounds are ids of middlewares that bound the bodies of requests. Routes that
	// take documents unbind them, because they have bounds of their own. Default: none.
	BodyBounds []string
	// SealingKey is the 32-byte key that seals stored API keys. Required.
	SealingKey []byte

	// DefaultModel is the model of an upload that names none. Default: the
	// default model of the upload's engine.
	DefaultModel string
	// DefaultTargetLanguage is the target of an upload that names none, as a
	// BCP 47 tag. Default: "ko".
	DefaultTargetLanguage string
	// Concurrency is the number of segments in flight. Default: 32.
	Concurrency int
	// JobConcurrency is the number of segments of one job in flight. Default: 8.
	JobConcurrency int
	// MaxUploadBytes is the largest document. Default: 50 MiB.
	MaxUploadBytes int64
	// MaxActiveJobs is the number of unfinished jobs of one user. Default: 20.
	MaxActiveJobs int
	// MonthlyLimit is what one user may spend in a calendar month on engines that
	// are asked with the server's own key; nothing at all means that each brings
	// his own. Default: 5 US dollars.
	MonthlyLimit *engine.USD
	// Limits are the requests and input tokens a minute that an engine may be
	// asked for with one key and model, by the engine's name. Default: none, and
	// what the engine allows is learned from its refusals.
	Limits map[string]lane.Limits
	// KeepDocumentsOfDeletedUsers leaves a deleted user's documents, outputs and
	// segments with no owner. Default: they are erased, and the bare job rows stay.
	KeepDocumentsOfDeletedUsers bool
	// KeepFor is how long a finished job keeps its documents and segments. Default:
	// until it is deleted.
	KeepFor time.Duration
	// Turned is called when a job has begun, paused, gone on or ended. It must not
	// block. Default: nobody is told.
	Turned func()
	// Beside says that this process does not serve and may run beside one that
	// does: what it deletes goes with all that belongs to it, and no job is worked
	// on. Default: it serves, and is the only one on its data directory.
	Beside bool
	// Executor carries out the steps of works. Default: this process does.
	Executor Executor
	// EngineTimeout bounds one request to an engine. Default: 2 minutes.
	EngineTimeout time.Duration
	// ShutdownTimeout is how long segments in flight may finish when the
	// process is told to end. Default: 20 seconds.
	ShutdownTimeout time.Duration
}

// MustRegister registers the plugin and panics where Register returns an
// error, which only a wrong Config causes.
func MustRegister(app core.App, config Config) *Jobs {
	jobs, err := Register(app, config)
	if err != nil {
		panic(err)
	}
	return jobs
}

// Register registers the plugin with the app.
func Register(app core.App, config Config) (*Jobs, error) {
	p, err := newPlugin(app, config)
	if err != nil {
		return nil, fmt.Errorf("translation: %w", err)
	}
	p.bind()
	return &Jobs{p.runner}, nil
}

// Jobs is the work under way.
type Jobs struct{ runner *runner }

// Observe counts a request to an engine that was made elsewhere.
func (j *Jobs) Observe(x pipeline.Exchange) { j.runner.metrics.observe(x) }

// Limit bounds how many segments are in flight, beside Config.Concurrency: to what the
// machines that carry them out can take.
func (j *Jobs) Limit(places int) { j.runner.limit(places) }

// Recheck lets go of jobs that are not to be worked on any more, because another
// process has ended them. What this process ends it need not be told.
func (j *Jobs) Recheck() { j.runner.recheck() }

func newPlugin(app core.App, config Config) (*plugin, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	seal, err := newSealer(config.SealingKey)
	if err != nil {
		return nil, err
	}

	p := &plugin{
		app:      app,
		config:   config,
		engines:  make(map[string]engine.Engine, len(config.Engines)),
		sealer:   seal,
		ledger:   &ledger{app: app},
		files:    newStorage(app),
		feed:     newFeed(app),
		uploads:  newGate(maxUploads, maxUserUploads),
		partial:  newGate(mostDocuments, 1),
		sending:  newGate(maxSending, maxUserSending),
		analyses: newGate(maxAnalyses, maxUserAnalyses),
		quotes:   newGate(maxQuotes, maxUserQuotes),
		keys:     newKeyChecks(time.Now),
		lists:    newGate(maxSegmentLists, maxUserSegmentLists),
		reads:    newGate(maxSegmentReads, maxUserSegmentReads),
	}
	for _, e := range config.Engines {
		p.engines[e.Info().Name] = e
	}
	p.feed.turned = config.Turned
	counted := newMetrics(p.engines, time.Now)
	p.ledger.turned = counted.turned
	if p.config.Executor == nil {
		p.config.Executor = &pipeline.Executor{
			Engines: p.engines,
			Open:    seal.keyOf,
			Timeout: config.EngineTimeout,
			Observe: counted.observe,
		}
	}
	p.documents = newDocuments(p.ledger, p.files, config.Formats)
	p.runner = &runner{
		app: app, ledger: p.ledger, files: p.files, documents: p.documents, feed: p.feed, sealer: seal,
		executor:    p.config.Executor,
		engines:     p.engines,
		metrics:     counted,
		concurrency: config.Concurrency, jobConcurrency: config.JobConcurrency, places: math.MaxInt,
		monthly: *config.MonthlyLimit,
		months:  map[string]*purse{},
		budgets: map[string]*purse{},
		lanes:   newLanes(config.Limits),
		speeds:  map[modelID]speed{},
		wake:    make(chan struct{}, 1),
		now:     time.Now,
	}
	return p, nil
}

func (p *plugin) bind() {
	p.bindLifecycle()
	p.bindRetention()
	p.bindRecordHooks()
	p.bindRealtime()
	p.app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		p.bindRoutes(e)
		return e.Next()
	})
}

type plugin struct {
	app       core.App
	config    Config
	engines   map[string]engine.Engine
	sealer    *sealer
	ledger    *ledger
	files     *storage
	documents *documents
	runner    *runner
	feed      *feed
	uploads   *gate // bodies being received
	partial   *gate // unfinished outputs being built
	sending   *gate // files that were built for one download, on their way
	analyses  *gate // documents that a page asks about
	quotes    *gate // documents that are parsed to tell their price
	keys      *keyChecks
	lists     *gate // pages of segments in the records API
	reads     *gate // pages of segments on the route of our own

	rebuilding singleflight.Group // of outputs that were corrected, by job
	expiring   sync.Mutex         // guards left, and lets one at a time look for what expires
	left       []string           // jobs that were let go of and whose files are still there
	departures departures         // deletions of users under way
}

const (
	// maxUploads bounds the uploads that are being received. Each costs a
	// connection, a file handle and some 100 KB of buffers; the rest wait.
	maxUploads = 512
	// maxUserUploads bounds those of one user.
	maxUserUploads = 16
)

func (c *Config) complete() error {
	switch {
	case len(c.Formats) == 0:
		return errors.New("Config.Formats is empty")
	case len(c.Engines) == 0:
		return errors.New("Config.Engines is empty")
	case c.RequireUser == nil:
		return errors.New("Config.RequireUser is missing")
	}
	setDefault(&c.DefaultTargetLanguage, "ko")
	if c.MonthlyLimit == nil {
		c.MonthlyLimit = new(5 * engine.Dollar)
	}
	setDefault(&c.Concurrency, 32)
	setDefault(&c.JobConcurrency, 8)
	setDefault(&c.MaxUploadBytes, 50<<20)
	setDefault(&c.MaxActiveJobs, 20)
	setDefault(&c.EngineTimeout, 2*time.Minute)
	setDefault(&c.ShutdownTimeout, 20*time.Second)
	return nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// bindRoutes lists the plugin's routes.
func (p *plugin) bindRoutes(e *core.ServeEvent) {
	signedIn := p.config.RequireUser
	// PocketBase's bound wraps the body in a way that keeps a second copy of it.
	bodies := append([]string{apis.DefaultBodyLimitMiddlewareId}, p.config.BodyBounds...)
	e.Router.BindFunc(p.limitRecords)

	// Both spellings are bound, because a redirect would lose the upload.
	e.Router.POST("/uploadfile", p.upload).Bind(signedIn).Unbind(bodies...)
	e.Router.POST("/uploadfile/{$}", p.upload).Bind(signedIn).Unbind(bodies...)

	e.Router.GET("/status/{id}", p.viewJob).Bind(signedIn)
	e.Router.GET("/download/{id}", p.download)

	e.Router.POST("/api/v1/quote", p.quote).Bind(signedIn).Unbind(bodies...)
	e.Router.POST("/api/v1/analyze-style", p.analyzeStyle).Bind(signedIn).Unbind(bodies...)
	e.Router.POST("/api/v1/analyze-glossary", p.analyzeGlossary).Bind(signedIn).Unbind(bodies...)
	e.Router.GET("/api/v1/me", p.viewMe).Bind(signedIn)
	e.Router.DELETE("/api/v1/memory", p.forgetMemory).Bind(signedIn)

	jobs := e.Router.Group("/api/v1/jobs")
	jobs.GET("", p.listJobs).Bind(signedIn)
	jobs.GET("/{id}", p.viewJob).Bind(signedIn)
	jobs.DELETE("/{id}", p.deleteJob).Bind(signedIn)
	jobs.GET("/{id}/segments", p.listSegments).Bind(signedIn)
	jobs.PATCH("/{id}/segments/{position}", p.correctSegment).Bind(signedIn)

	jobs.GET("/{id}/brief", p.viewBrief).Bind(signedIn)
	jobs.PATCH("/{id}/brief", p.changeBrief).Bind(signedIn)

	jobs.POST("/{id}/pause", p.pauseJob).Bind(signedIn)
	jobs.POST("/{id}/resume", p.resumeJob).Bind(signedIn)
	jobs.POST("/{id}/cancel", p.cancelJob).Bind(signedIn)
	jobs.POST("/{id}/retry", p.retryJob).Bind(signedIn)
}
