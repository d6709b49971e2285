// Package riverworkers has segments translated by other machines: through River, on
// PostgreSQL.
//
// The serving process stays the only one that decides and the only one that writes
// the ledger: its schedule, budgets and limits are what they are with one machine, and
// so hold for all of them together. What it would carry out itself it sends as a River
// job; a worker carries it out and sends back what came of it as another River job, in
// the transaction that completes the first:
//
//	executor, err := riverworkers.Register(app, riverworkers.Config{
//		PostgresURL: "postgres://…",
//		SealingKey:  key,
//	})
//	translation.MustRegister(app, translation.Config{Executor: executor, …})
//
// and on the other machines, without PocketBase:
//
//	err := riverworkers.Work(ctx, riverworkers.WorkerConfig{PostgresURL: …, Executor: …})
//
// A step is asked for once. River tries none again: whether it is, is the schedule's
// business, which knows what it may cost. What is sent has a number that nobody used
// before; what comes back under a number that nobody waits for any more, because a
// worker was taken for dead and was not, is dropped and counted.
//
// What PostgreSQL gave to a process over a connection that broke before it was there,
// River has down as being worked on. Workers hand such steps back, and the serving
// process takes such outcomes in.
//
// A worker begins with a step within [Travel] of its being handed to the executor or
// not at all, so that limits a minute hold for what arrives at the engine.
//
// One process serves through a database. Who starts while another does waits, and says
// so; who finds that another has taken over sends nothing more.
//
// Everything stands in the schema verso_work: River's tables, who serves, and which
// workers there are. Of documents it holds the segments under way, and for a minute
// longer than they take, or until the service ends; API keys are sealed in it.
package riverworkers

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/translation/pipeline"
)

// Travel is how long after it was handed to the executor a worker may begin with a step
// at most. It is what the limits' windows are longer by.
const Travel = 5 * time.Second

// Config configures the serving process's side.
type Config struct {
	// PostgresURL is the database. Required.
	PostgresURL string
	// SealingKey is the 32-byte key that seals API keys. Workers must have the same.
	// Required.
	SealingKey []byte
	// Observe is told of each request that a worker made; nil for nobody.
	Observe func(pipeline.Exchange)
	// Places is told at every look how many steps the workers can carry out at a time,
	// and at once when PostgreSQL goes away. It must neither wait for anything nor ask
	// this package. Required.
	Places func(int)
}

// Register registers the plugin with the app. PostgreSQL need not be there: until it
// is, there are no places.
func Register(app core.App, config Config) (*Executor, error) {
	switch {
	case config.PostgresURL == "":
		return nil, errors.New("riverworkers: Config.PostgresURL is missing")
	case len(config.SealingKey) != 32:
		return nil, fmt.Errorf("riverworkers: Config.SealingKey has %d bytes; it takes 32", len(config.SealingKey))
	case config.Places == nil:
		return nil, errors.New("riverworkers: Config.Places is missing")
	}
	pool, err := open(config.PostgresURL, serverConnections)
	if err != nil {
		return nil, err
	}
	x := &Executor{
		app: app, config: config, pool: pool,
		source:  sourceOf(config.SealingKey),
		home:    homeOf(app.DataDir()),
		epoch:   strings.ToLower(rand.Text()),
		awaited: map[string]*flight{},
		joined:  make(chan struct{}),
	}
	x.counts = newCounts()
	var running sync.WaitGroup
	ctx, stop := context.WithCancel(context.Background())
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		running.Go(func() { x.run(ctx) })
		running.Go(func() { x.showAlways(ctx) })
		return e.Next()
	})
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		stop()
		running.Wait()
		closeSoon(pool)
		return e.Next()
	})
	return x, nil
}

// homeOf is where a service runs: a later one there is the same, started again.
func homeOf(dataDir string) string {
	host, _ := os.Hostname() // without one all machines are alike, as their folders may be
	if absolute, err := filepath.Abs(dataDir); err == nil {
		dataDir = absolute
	}
	sum := sha256.Sum256([]byte(host + "\x00" + dataDir))
	return hex.EncodeToString(sum[:16])
}

// sourceOf is the word by which a Verso and its workers know that they belong
// together: whoever has another sealing key has another.
func sourceOf(sealingKey []byte) string {
	mac := hmac.New(sha256.New, sealingKey)
	mac.Write([]byte("verso work source"))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
