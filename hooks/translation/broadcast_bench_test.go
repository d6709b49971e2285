package translation

import (
	"context"
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
	"github.com/pocketbase/pocketbase/tools/types"

	"verso/hooks/records"
)

// BenchmarkBroadcast measures what a change costs while one stream is its owner's and
// up to a thousand are other people's: of a job, told by the feed, and of a record with
// the same rule and fewer fields, told by PocketBase's own broadcast. Time is that of
// whoever makes the change; CPU is that of the process, streams being read included.
func BenchmarkBroadcast(b *testing.B) {
	for _, others := range []int{0, 100, 1000} {
		b.Run(fmt.Sprintf("verso/others=%d", others), func(b *testing.B) {
			s := newSetup(b)
			f := newFeed(s.app)
			stranger := mustUser(b, s.app, "user_bo")
			for range others {
				drain(listen(b, f, stranger, "translation_jobs/*"))
			}
			drain(listen(b, f, s.owner, "translation_jobs/*"))
			id := s.mustJob(b, b.N)
			reportCPU(b, func() {
				for i := range b.N {
					work, outcome := settled(id, i)
					if err := s.ledger.settle(context.Background(), settlementOf(work, outcome)); err != nil {
						b.Fatal(err)
					}
					f.changed(id, s.owner.Id)
				}
			})
			f.close(context.Background())
		})
		b.Run(fmt.Sprintf("pocketbase/others=%d", others), func(b *testing.B) {
			s := newSetup(b)
			if _, err := apis.NewRouter(s.app); err != nil { // which binds the broadcast
				b.Fatal(err)
			}
			record := s.mustPlainRecord(b)
			stranger := mustUser(b, s.app, "user_bo")
			for range others {
				hearPlain(s.app, stranger, new(atomic.Int64))
			}
			var heard atomic.Int64
			hearPlain(s.app, s.owner, &heard)
			reportCPU(b, func() {
				for i := range b.N {
					record.Set("progress", i+1)
					if err := s.app.Save(record); err != nil {
						b.Fatal(err)
					}
				}
			})
			for end := time.Now().Add(10 * time.Second); heard.Load() == 0; time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					b.Fatal("PocketBase told nobody")
				}
			}
			for id := range s.app.SubscriptionsBroker().Clients() {
				s.app.SubscriptionsBroker().Unregister(id)
			}
		})
	}
}

// mustPlainRecord writes a record of a collection with nothing but an owner and a
// number, which its owner alone may see.
func (s *setup) mustPlainRecord(b *testing.B) *core.Record {
	b.Helper()
	users, err := s.app.FindCollectionByNameOrId(records.CollectionUsers)
	if err != nil {
		b.Fatal(err)
	}
	plain := core.NewBaseCollection("plain")
	plain.Fields.Add(&core.RelationField{Name: "owner", CollectionId: users.Id, MaxSelect: 1}, &core.NumberField{Name: "progress"})
	plain.ListRule = types.Pointer(`@request.auth.id != "" && owner = @request.auth.id`)
	plain.ViewRule = plain.ListRule
	if err := s.app.Save(plain); err != nil {
		b.Fatal(err)
	}
	record := core.NewRecord(plain)
	record.Set("owner", s.owner.Id)
	if err := s.app.Save(record); err != nil {
		b.Fatal(err)
	}
	return record
}

// hearPlain subscribes a client of PocketBase's own, reads it and counts its messages.
func hearPlain(app core.App, auth *core.Record, heard *atomic.Int64) {
	client := subscriptions.NewDefaultClient()
	client.Set(apis.RealtimeClientAuthKey, auth)
	client.Subscribe("plain/*")
	app.SubscriptionsBroker().Register(client)
	go func() {
		for range client.Channel() {
			heard.Add(1)
		}
	}()
}

// reportCPU runs what is measured and reports the processor time it took besides.
func reportCPU(b *testing.B, run func()) {
	b.Helper()
	before := processorTime(b)
	b.ResetTimer()
	run()
	b.StopTimer()
	b.ReportMetric(float64((processorTime(b)-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
