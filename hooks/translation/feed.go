package translation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/routine"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"verso/hooks/records"
)

// progressInterval is the least time between two messages about one job: four
// a second are as smooth as an eye wants.
const progressInterval = 250 * time.Millisecond

// feed tells people about their jobs over PocketBase's realtime streams.
//
// PocketBase's own broadcast asks the database once per subscriber, inside the
// call that saves the record. Here a job's message goes to its owner's streams
// alone, found by the owner's id: other people's streams cost nothing, and a
// job that nobody watches costs a look into a map.
type feed struct {
	app core.App
	// turned is told when a job has come to a turn, whoever watches.
	turned func()

	mu      sync.Mutex
	streams map[string]map[string]*stream // by auth record id, then client id
	paces   map[string]*pace              // by job id
	closed  bool
	workers sync.WaitGroup
}

// everyone is the key under which superusers' streams stand: they may see
// every job.
const everyone = "_superusers"

// pace keeps the messages about one job apart, and in order. It exists from a
// message until progressInterval has passed without a change.
type pace struct {
	resting *time.Timer // set from a message until the next may follow
	dirty   bool        // the job has changed since the last message
	urgent  bool        // and the next must not wait

	telling sync.Mutex // held while a message is delivered; may be taken without mu
	gone    bool       // the job's deletion was told; of telling
}

func newFeed(app core.App) *feed {
	return &feed{
		app:     app,
		streams: map[string]map[string]*stream{},
		paces:   map[string]*pace{},
	}
}

// changed says that a job has moved. The owner hears of it at the latest after
// progressInterval, together with whatever else happens until then.
func (f *feed) changed(jobID, ownerID string) { f.notify(jobID, ownerID, false) }

// now says that a job has come to a turn that its owner wants to know at once.
func (f *feed) now(jobID, ownerID string) {
	if f.turned != nil {
		f.turned()
	}
	f.notify(jobID, ownerID, true)
}

func (f *feed) notify(jobID, ownerID string, urgent bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || !f.watched(ownerID) {
		return
	}
	p := f.paces[jobID]
	switch {
	case p == nil:
		p = &pace{}
		f.paces[jobID] = p
		f.send(jobID, p)
	case urgent && p.resting != nil && p.resting.Stop():
		f.workers.Done() // the timer's function will not run
		f.send(jobID, p)
	default:
		p.dirty, p.urgent = true, p.urgent || urgent
	}
}

// watched reports whether anybody would receive a message. The caller holds mu.
func (f *feed) watched(ownerID string) bool {
	return len(f.streams[ownerID]) > 0 || len(f.streams[everyone]) > 0
}

// send reads the job and delivers it in a goroutine of its own. The caller
// holds mu.
func (f *feed) send(jobID string, p *pace) {
	begun := time.Now()
	p.resting, p.dirty, p.urgent = nil, false, false
	f.workers.Go(func() {
		// What a client asks for (filter, fields) is looked at in it.
		err := routine.SafeWrap(func() error { return f.update(jobID, p) })()
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			f.app.Logger().Warn("progress could not be sent", "job", jobID, "error", err)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		switch {
		case f.closed:
		case p.urgent:
			f.send(jobID, p)
		default:
			f.rest(jobID, p, progressInterval-time.Since(begun))
		}
	})
}

// update reads a job and delivers it, unless its deletion was told.
func (f *feed) update(jobID string, p *pace) error {
	record, err := f.read(jobID)
	if err != nil {
		return err
	}
	p.telling.Lock()
	defer p.telling.Unlock()
	if !p.gone {
		f.deliver("update", record)
	}
	return nil
}

// rest waits before the next message about a job, and forgets the job if there
// is nothing to say by then. The caller holds mu.
func (f *feed) rest(jobID string, p *pace, pause time.Duration) {
	f.workers.Add(1)
	p.resting = time.AfterFunc(pause, func() {
		defer f.workers.Done()
		f.mu.Lock()
		defer f.mu.Unlock()
		switch {
		case f.closed:
		case p.dirty:
			f.send(jobID, p)
		default:
			delete(f.paces, jobID)
		}
	})
}

// deleted tells that a job was deleted. What was read of it before and not
// delivered yet is not delivered any more.
func (f *feed) deleted(record *core.Record) {
	f.mu.Lock()
	p := f.paces[record.Id]
	f.mu.Unlock()
	if p != nil {
		p.telling.Lock() // what is being delivered of it is delivered before
		defer p.telling.Unlock()
		p.gone = true
	}
	f.deliver("delete", record)
}

func (f *feed) read(jobID string) (*core.Record, error) {
	return f.app.FindRecordById(records.CollectionJobs, jobID)
}

// deliver puts a message about a job into the mailbox of each stream that is
// subscribed to it.
func (f *feed) deliver(action string, record *core.Record) {
	f.mu.Lock()
	var receivers []*stream
	for _, key := range []string{record.GetString("owner_id"), everyone} {
		if key == "" {
			continue
		}
		for _, s := range f.streams[key] {
			if s.authorized() {
				receivers = append(receivers, s)
			}
		}
	}
	f.mu.Unlock()
	if len(receivers) == 0 {
		return
	}

	plain, err := json.Marshal(message{Action: action, Record: record})
	if err != nil {
		f.app.Logger().Error("job could not be encoded for realtime", "job", record.Id, "error", err)
		return
	}
	for _, s := range receivers {
		for topic, options := range s.topicsOf(record) {
			data, ok := f.adapt(record, action, plain, options)
			if !ok {
				continue
			}
			replaces := ""
			if action == "update" {
				replaces = topic + " " + record.Id
			}
			s.client.post(replaces, subscriptions.Message{Name: topic, Data: data})
		}
	}
}

// message is the form in which PocketBase's SDK expects a record's change.
type message struct {
	Action string `json:"action"`
	Record any    `json:"record"`
}

// close stops all messages and waits until none is on its way. Streams that do
// not read are cut off by then, because the server has ended their requests.
func (f *feed) close(ctx context.Context) {
	f.mu.Lock()
	f.closed = true
	for _, p := range f.paces {
		if p.resting != nil && p.resting.Stop() {
			f.workers.Done()
		}
	}
	for _, streams := range f.streams {
		for _, s := range streams {
			f.app.SubscriptionsBroker().Unregister(s.client.Id())
		}
	}
	f.mu.Unlock()

	done := make(chan struct{})
	go func() {
		f.workers.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}
