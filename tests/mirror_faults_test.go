package tests

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"verso/tests/process"
)

// manyMirrorRounds is how often something happens to PostgreSQL, to the network or to the
// service in the full dose, and fewMirrorRounds in the small one: everything once.
const manyMirrorRounds, fewMirrorRounds = 36, 12

// writers write in all ways at once until they are told to stop, whatever happens to
// the service and to PostgreSQL.
type writers struct {
	m       *mirror
	running sync.WaitGroup
	stop    chan struct{}
	raw     atomic.Int64 // committed raw transactions
	events  atomic.Int64 // deliveries that were taken
	uploads atomic.Int64
	deleted atomic.Int64 // jobs, by their owners
}

func (w *writers) run(t *testing.T, chance *rand.Rand) {
	for _, write := range []func(*testing.T, *rand.Rand){w.writeRaw, w.writeRaw, w.writeEvents, w.writeJobs} {
		own := rand.New(rand.NewPCG(chance.Uint64(), chance.Uint64()))
		w.running.Go(func() { write(t, own) })
	}
}

// pause waits a moment and reports whether to go on.
func (w *writers) pause(chance *rand.Rand, most time.Duration) bool {
	select {
	case <-w.stop:
		return false
	case <-time.After(rand.N(most)):
		return chance != nil
	}
}

// writeRaw writes as another program does that has opened the database.
func (w *writers) writeRaw(t *testing.T, chance *rand.Rand) {
	const people, documents = 60, 200
	user := func() string { return fmt.Sprint("raw", chance.IntN(people)) }
	job := func() string { return fmt.Sprint("raw", chance.IntN(documents)) }
	number := 0
	for w.pause(chance, 15*time.Millisecond) {
		number++
		who, what := user(), job()
		record, document := quoted(userRecord(who)), quoted(jobRecord(what))
		email := fmt.Sprintf("%s-%d@example.org", who, chance.IntN(3))
		if chance.IntN(8) == 0 {
			email = ""
		}
		var statements []string
		switch chance.IntN(14) {
		case 0, 1:
			statements = []string{strings.Replace(insertUser(who, email), "INSERT", "INSERT OR IGNORE", 1)}
		case 2, 3, 4:
			statements = []string{strings.Replace(insertJob(what, who), "INSERT", "INSERT OR IGNORE", 1)}
		case 5:
			statements = []string{fmt.Sprintf(`UPDATE users SET name = 'Nàme %d "of" %s', updated_at = strftime('%%Y-%%m-%%d %%H:%%M:%%fZ') WHERE id = %s`, number, who, record)}
		case 6:
			statements = []string{fmt.Sprintf(`UPDATE OR IGNORE users SET email = %s WHERE id = %s`, quoted(email), record)}
		case 7, 8:
			statements = []string{fmt.Sprintf(`UPDATE translation_jobs SET progress = %d, status = 'PROCESSING' WHERE id = %s`, chance.IntN(100), document)}
		case 9:
			statements = []string{fmt.Sprintf(`UPDATE translation_jobs SET status = 'FAILED', error_message = 'No. %d', completed_at = strftime('%%Y-%%m-%%d %%H:%%M:%%fZ'), owner_id = %s WHERE id = %s`, number, record, document)}
		case 10:
			statements = swapEmails(user(), user())
		case 11:
			a := chance.IntN(people)
			statements = cycleEmails(fmt.Sprint("raw", a), fmt.Sprint("raw", (a+1)%people), fmt.Sprint("raw", (a+2)%people))
		case 12:
			statements = []string{`DELETE FROM translation_jobs WHERE id = ` + document}
			if chance.IntN(3) == 0 {
				statements = append(statements, insertJob(what, user()))
			}
		case 13:
			statements = []string{`DELETE FROM users WHERE id = ` + record}
			if chance.IntN(3) == 0 {
				statements = append(statements, strings.Replace(insertUser(who, email), "INSERT", "INSERT OR IGNORE", 1))
			}
		}
		if err := w.m.tryChange(statements...); err != nil {
			if chance := strings.Contains(err.Error(), "SQLITE_BUSY") || strings.Contains(err.Error(), "UNIQUE"); !chance {
				t.Errorf("raw SQL %q: %v", statements, err)
				return
			}
			continue
		}
		w.raw.Add(1)
	}
}

// writeEvents writes as Clerk does, among a few people who want a few addresses.
func (w *writers) writeEvents(t *testing.T, chance *rand.Rand) {
	for at := int64(1); w.pause(chance, 40*time.Millisecond); at++ {
		id := fmt.Sprint("user_hook", chance.IntN(12))
		d := w.m.userEvent(id, fmt.Sprint("Hook ", at), fmt.Sprintf("hook%d@example.org", chance.IntN(8)), at)
		if chance.IntN(40) == 0 {
			d = w.m.userDeleted(id)
		}
		if d.send(t, w.m.current(), d.signGo(t)) == 200 {
			w.events.Add(1)
		}
	}
}

// writeJobs uploads and deletes as people do.
func (w *writers) writeJobs(t *testing.T, chance *rand.Rand) {
	var server *process.Server
	var client *process.Client
	var jobs []string
	for w.pause(chance, 150*time.Millisecond) {
		if now := w.m.current(); now != server { // the stand-in's sessions ended with the last one
			server, client = now, signInAgain(t, now, []string{ada, bo}[chance.IntN(2)])
			continue
		}
		if client == nil {
			server = nil
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		if len(jobs) > 20 || len(jobs) > 0 && chance.IntN(3) == 0 {
			i := chance.IntN(len(jobs))
			if answer, err := client.Do(ctx, "DELETE", "/api/v1/jobs/"+jobs[i], nil, nil); err == nil && answer.Status == 204 {
				w.deleted.Add(1)
			}
			jobs = append(jobs[:i], jobs[i+1:]...)
		} else if answer, err := client.Send(ctx, process.Upload{Content: strings.NewReader("One.\n\nTwo.\n\nThree.\n"), Filename: fmt.Sprintf("%d.txt", len(jobs))}); err == nil && answer.Status == 200 {
			var job process.Job
			answer.Decode(t, &job)
			jobs = append(jobs, job.ID)
			w.uploads.Add(1)
		}
		cancel()
	}
}

// signInAgain signs in at a service that may be killed at any moment, and returns nil
// where it is.
func signInAgain(t *testing.T, server *process.Server, userID string) *process.Client {
	guest := server.Guest(t)
	post := func(path, body string, field string) string {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		answer, err := guest.Do(ctx, "POST", path, strings.NewReader(body), map[string][]string{"Content-Type": {"application/json"}})
		if err != nil || answer.Status != 200 {
			return ""
		}
		var got map[string]any
		answer.Decode(t, &got)
		value, _ := got[field].(string)
		return value
	}
	session := post("/demo/sessions", `{"user_id":"`+userID+`"}`, "id")
	if session == "" {
		return nil
	}
	return server.As(t, func() (string, error) {
		if token := post("/demo/sessions/"+session+"/tokens", "", "jwt"); token != "" {
			return token, nil
		}
		return "", fmt.Errorf("no token: the service was killed")
	})
}

// TestMirrorFaults writes in all ways while everything fails in all ways. It ends
// equal in every column.
func TestMirrorFaults(t *testing.T) {
	t.Parallel()
	chance := seeded(t)
	m := startMirror(t, "VERSO_PSEUDO_DELAY", "20ms", "VERSO_MAX_ACTIVE_JOBS", "100000")
	w := &writers{m: m, stop: make(chan struct{})}
	w.run(t, chance)
	stopped := sync.OnceFunc(func() {
		close(w.stop)
		w.running.Wait()
	})
	defer stopped()

	wait := func() { time.Sleep(100*time.Millisecond + time.Duration(chance.Int64N(int64(1400*time.Millisecond)))) }
	killVerso := func() { m.current().Kill() }
	faults := []struct {
		name    string
		happens func()
	}{
		{"PostgreSQL is killed", func() { m.postgres.Kill(); wait(); m.postgres.Restart(t) }},
		{"PostgreSQL is stopped", func() { m.postgres.Stop(t); wait(); m.postgres.Restart(t) }},
		{"PostgreSQL is restarted", func() { m.postgres.Restart(t) }},
		{"PostgreSQL is frozen", func() { m.postgres.Freeze(); wait(); m.postgres.Thaw() }},
		{"packets are swallowed", func() { m.proxy.Swallow(); wait(); m.proxy.Pass(t) }},
		{"connections are refused", func() { m.proxy.Refuse(); wait(); m.proxy.Pass(t) }},
		{"connections are cut", func() { m.proxy.Cut(); wait(); m.proxy.Cut() }},
		{"connections are lost", func() { m.proxy.Lose(); wait() }},
		{"verso is killed", func() { killVerso(); wait(); m.start(t) }},
		{"verso is killed while PostgreSQL is frozen", func() { m.postgres.Freeze(); killVerso(); m.start(t); wait(); m.postgres.Thaw() }},
		{"PostgreSQL is killed behind a network that swallows packets", func() {
			m.proxy.Swallow()
			wait()
			m.postgres.Kill()
			m.postgres.Restart(t)
			m.proxy.Pass(t)
		}},
		{"both are killed", func() {
			killVerso()
			m.postgres.Kill()
			wait()
			m.start(t)
			wait()
			m.postgres.Restart(t)
		}},
	}
	begun, rounds := time.Now(), dose(t, fewMirrorRounds, manyMirrorRounds)
	var order []int
	for len(order) < rounds {
		order = append(order, chance.Perm(len(faults))...)
	}
	for round, which := range order[:rounds] {
		at := time.Now()
		faults[which].happens()
		t.Logf("round %d, %s: %s", round+1, faults[which].name, time.Since(at).Round(time.Millisecond))
		if chance.IntN(3) > 0 {
			wait() // and else the next comes at once
		}
		if t.Failed() {
			break
		}
	}
	took := time.Since(begun)
	stopped()
	last := time.Now()
	sum := m.mustBecomeEqual(t, 2*mirrorReturn)
	t.Logf("%d rounds in %s: %d raw transactions, %d deliveries, %d uploads and %d deletions; %d users and %d jobs are equal %s after the last write; checksum %s",
		rounds, took.Round(time.Second), w.raw.Load(), w.events.Load(), w.uploads.Load(), w.deleted.Load(),
		m.count(t, `SELECT count(*) FROM users`), m.count(t, `SELECT count(*) FROM translation_jobs`), time.Since(last).Round(time.Millisecond), sum)
	if w.raw.Load() < 500 || w.events.Load() < 100 || w.uploads.Load() < 20 {
		t.Error("too little was written for the test to say anything")
	}
}
