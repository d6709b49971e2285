package translation

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
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

	mu      sync.Mutex
	streams map[string]map[string]*stream // by auth record id, then client id
	paces   map[string]*pace              // by job id
	closed  bool
	workers sync.WaitGroup
}

// everyone is the key under which superusers' streams stand: they may see
// every job.
const everyone = "_superusers"

// pace keeps the messages about one job apart, and in order.
type pace struct {
	owner   string
	last    time.Time
	timer   *time.Timer // set while a message waits for its time
	sending bool
	dirty   bool // changed again while sending
	urgent  bool // and must not wait
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
func (f *feed) now(jobID, ownerID string) { f.notify(jobID, ownerID, true) }

func (f *feed) notify(jobID, ownerID string, urgent bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || !f.watched(ownerID) {
		return
	}
	p := f.paces[jobID]
	if p == nil {
		p = &pace{owner: ownerID}
		f.paces[jobID] = p
	}
	switch {
	case p.sending:
		p.dirty, p.urgent = true, p.urgent || urgent
	case p.timer != nil:
		if urgent && p.timer.Stop() {
			f.workers.Done() // the timer's function will not run
			f.send(jobID, p)
		}
	default:
		f.arrange(jobID, p, urgent)
	}
}

// watched reports whether anybody would receive a message. The caller holds mu.
func (f *feed) watched(ownerID string) bool {
	return len(f.streams[ownerID]) > 0 || len(f.streams[everyone]) > 0
}

// arrange sends a message now or when its time has come. The caller holds mu.
func (f *feed) arrange(jobID string, p *pace, urgent bool) {
	wait := progressInterval - time.Since(p.last)
	if urgent || wait <= 0 {
		f.send(jobID, p)
		return
	}
	f.workers.Add(1)
	p.timer = time.AfterFunc(wait, func() {
		defer f.workers.Done()
		f.mu.Lock()
		defer f.mu.Unlock()
		if !f.closed {
			f.send(jobID, p)
		}
	})
}

// send reads the job and delivers it in a goroutine of its own. The caller
// holds mu.
func (f *feed) send(jobID string, p *pace) {
	p.timer, p.sending, p.dirty, p.urgent = nil, true, false, false
	p.last = time.Now()
	f.workers.Go(func() {
		record, err := f.read(jobID)
		if err == nil {
			f.deliver("update", record)
		} else if !errors.Is(err, sql.ErrNoRows) {
			f.app.Logger().Warn("progress could not be sent", "job", jobID, "error", err)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		p.sending = false
		switch {
		case f.closed:
		case p.dirty:
			f.arrange(jobID, p, p.urgent)
		default:
			delete(f.paces, jobID)
		}
	})
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
			receivers = append(receivers, s)
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
			data, ok := f.adapt(s, record, action, plain, options)
			if ok {
				s.post(f, subscriptions.Message{Name: topic, Data: data}, record.Id, action)
			}
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
		if p.timer != nil && p.timer.Stop() {
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
