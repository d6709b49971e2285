package riverworkers

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// What became of what was sent.
const (
	outcomeTaken   = "taken"
	outcomeUnasked = "not-asked" // it came too late to leave for the engine
	outcomeLost    = "lost"      // its worker is gone, or does not say in time what came of it
	outcomeLate    = "late"      // it came back when nobody waited any more
)

type counts struct{ outcomes *prometheus.CounterVec }

func newCounts() counts {
	return counts{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "verso_worker_steps_total", Help: "Steps that were sent to workers by what became of them.",
	}, []string{"outcome"})}
}

// collector tells Prometheus of the workers.
type collector struct {
	executor                                 *Executor
	workers, slots, busy, silent, depth, age *prometheus.Desc
}

// Metrics tells of the workers, as they were at the last look, and of what was sent to
// them.
func (x *Executor) Metrics() prometheus.Collector {
	gauge := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &collector{
		executor: x,
		workers:  gauge("verso_workers", "Workers by whether they have given a sign of life just now.", "state"),
		slots:    gauge("verso_worker_slots", "Steps that the workers can carry out at a time."),
		busy:     gauge("verso_worker_busy", "Steps that they are carrying out."),
		silent:   gauge("verso_worker_silent_seconds", "How long ago a worker gave its last sign of life.", "worker"),
		depth:    gauge("verso_worker_queue_steps", "Steps that wait for a worker."),
		age:      gauge("verso_worker_queue_age_seconds", "How long the first of them has waited."),
	}
}

// Describe sends the descriptions.
func (c *collector) Describe(descriptions chan<- *prometheus.Desc) {
	c.executor.counts.outcomes.Describe(descriptions)
	for _, desc := range []*prometheus.Desc{c.workers, c.slots, c.busy, c.silent, c.depth, c.age} {
		descriptions <- desc
	}
}

// Collect sends the values. PostgreSQL is not asked.
func (c *collector) Collect(values chan<- prometheus.Metric) {
	c.executor.counts.outcomes.Collect(values)
	seen := c.executor.seen()
	send := func(desc *prometheus.Desc, value float64, labels ...string) {
		values <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	present, slots, busy := 0, 0, 0
	for _, m := range seen.workers {
		send(c.silent, m.Silent.Seconds(), m.ID)
		if m.present() {
			present, slots, busy = present+1, slots+m.Slots, busy+m.Busy
		}
	}
	send(c.workers, float64(present), "present")
	send(c.workers, float64(len(seen.workers)-present), "silent")
	send(c.slots, float64(slots))
	send(c.busy, float64(busy))
	send(c.depth, float64(seen.depth))
	send(c.age, seen.age.Seconds())
}

// seen is what was seen at the last look, with the time that has passed since.
func (x *Executor) seen() fleet {
	x.mu.Lock()
	defer x.mu.Unlock()
	seen := x.fleet
	seen.workers = append([]member(nil), seen.workers...)
	if !seen.at.IsZero() {
		for i := range seen.workers {
			seen.workers[i].Silent += time.Since(seen.at)
		}
	}
	return seen
}

// report tells of the workers at /readyz.
type report struct {
	Status  string         `json:"status"`
	Since   *time.Time     `json:"since,omitempty"` // of "away"
	Places  int            `json:"places"`
	Waiting int            `json:"waiting"`
	Workers []memberReport `json:"workers"`
}

type memberReport struct {
	Slots         int     `json:"slots"`
	Busy          int     `json:"busy"`
	SilentSeconds float64 `json:"silent_seconds"`
}

// Ready reports for /readyz which workers there are. Nobody is asked for it.
func (x *Executor) Ready(context.Context) any {
	seen := x.seen()
	r := report{Status: seen.status(), Places: seen.places(), Waiting: seen.depth, Workers: []memberReport{}}
	if seen.err != nil {
		r.Since = new(seen.since.UTC().Truncate(time.Second))
	}
	for _, m := range seen.workers {
		r.Workers = append(r.Workers, memberReport{m.Slots, m.Busy, m.Silent.Round(time.Second).Seconds()})
	}
	return r
}
