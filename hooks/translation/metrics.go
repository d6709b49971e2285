package translation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"verso/hooks/records"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/pipeline"
)

// otherModel stands for models that are not on offer, which a user may name who
// brings a key of his own: metrics hold nothing that somebody makes up.
const otherModel = "other"

// metrics counts what becomes of jobs, segments and requests to engines. No label
// tells of anybody: each has a fixed number of values.
type metrics struct {
	engines map[string]engine.Engine
	now     func() time.Time

	turns    *prometheus.CounterVec
	segments *prometheus.CounterVec
	rejected *prometheus.CounterVec
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	tokens   *prometheus.CounterVec
	cost     *prometheus.CounterVec

	health engineHealth
}

func newMetrics(engines map[string]engine.Engine, now func() time.Time) *metrics {
	return &metrics{
		engines: engines,
		now:     now,
		turns: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verso_job_turns_total", Help: "Turns of jobs into a status; the reason is that of a pause.",
		}, []string{"status", "reason"}),
		segments: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verso_segments_total", Help: "Segments that were settled: translated, or with an issue.",
		}, []string{"outcome"}),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verso_answers_rejected_total", Help: "Answers of engines that were no translation of all they were asked for, by the first thing that was wrong.",
		}, []string{"because"}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verso_engine_requests_total", Help: "Requests to engines by how they ended.",
		}, []string{"engine", "model", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "verso_engine_request_duration_seconds", Help: "How long engines took to answer.",
			Buckets: []float64{.1, .25, .5, 1, 2, 4, 8, 15, 30, 60, 120, 300},
		}, []string{"engine", "model"}),
		tokens: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verso_engine_tokens_total", Help: "Tokens as engines bill them.",
		}, []string{"engine", "model", "kind"}),
		cost: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verso_engine_cost_usd_total", Help: "What the tokens cost, where the price is known, by whose key was used: the server's or the owner's.",
		}, []string{"engine", "model", "key"}),
	}
}

// settled counts a segment that came to its end.
func (m *metrics) settled(outcome pipeline.Outcome) {
	became := "translated"
	if outcome.Untranslated > 0 {
		became = "issue"
	}
	m.segments.WithLabelValues(became).Inc()
	for _, rung := range outcome.Rungs {
		if rung.Trouble != "" {
			m.rejected.WithLabelValues(strings.ReplaceAll(rung.Trouble, " ", "-")).Inc()
		}
	}
}

// turned counts a turn of a job.
func (m *metrics) turned(turn turn) {
	m.turns.WithLabelValues(string(turn.status), turn.reason).Inc()
}

// observe counts a request to an engine.
func (m *metrics) observe(x pipeline.Exchange) {
	model := otherModel
	eng := m.engines[x.Engine]
	if slices.Contains(eng.Info().Models, x.Model) {
		model = x.Model
	}
	m.requests.WithLabelValues(x.Engine, model, outcomeOf(x.Err)).Inc()
	if x.Err == nil {
		m.seconds.WithLabelValues(x.Engine, model).Observe(x.Took.Seconds())
	}
	for kind, n := range map[string]int{"input": x.Usage.InputTokens, "output": x.Usage.OutputTokens, "thinking": x.Usage.ThinkingTokens} {
		m.tokens.WithLabelValues(x.Engine, model, kind).Add(float64(n))
	}
	if priced, ok := eng.(engine.Priced); ok {
		if price, known := priced.Price(x.Model); known {
			key := "owner"
			if x.Own {
				key = "server"
			}
			m.cost.WithLabelValues(x.Engine, model, key).Add(price.Of(x.Usage).Float())
		}
	}
	m.health.note(x.Engine, x.Err, m.now())
}

// outcomeOf is how a request ended, in a word.
func outcomeOf(err error) string {
	switch engine.KindOf(err) {
	case engine.RateLimited:
		return "rate_limited"
	case engine.QuotaExhausted:
		return "quota_exhausted"
	case engine.Unreachable:
		return "unreachable"
	case engine.ServerFailed:
		return "server_failed"
	case engine.Malformed:
		return "malformed"
	case engine.CutOff:
		return "cut_off"
	case engine.Blocked:
		return "blocked"
	case engine.Unsuitable:
		return "unsuitable"
	case engine.KeyRefused:
		return "key_refused"
	case engine.ModelRefused:
		return "model_refused"
	}
	switch {
	case err == nil:
		return "answered"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "interrupted"
	}
	return "failed"
}

// collector tells Prometheus of the work under way, beside what was counted.
type collector struct {
	runner  *runner
	metrics *metrics

	waiting, inFlight, jobs, age *prometheus.Desc
}

// Metrics tells of jobs, segments, engines, and what they cost.
func (j *Jobs) Metrics() prometheus.Collector {
	return &collector{
		runner:   j.runner,
		metrics:  j.runner.metrics,
		waiting:  prometheus.NewDesc("verso_queue_segments", "Segments that wait for an engine.", nil, nil),
		inFlight: prometheus.NewDesc("verso_engine_requests_in_flight", "Requests to engines that are not answered yet.", nil, nil),
		jobs:     prometheus.NewDesc("verso_jobs_unfinished", "Jobs that have not come to their end, by status.", []string{"status"}, nil),
		age:      prometheus.NewDesc("verso_queue_age_seconds", "How long the job has waited for its turn that has waited longest; 0 where none waits.", nil, nil),
	}
}

func (c *collector) counted() []prometheus.Collector {
	m := c.metrics
	return []prometheus.Collector{m.turns, m.segments, m.rejected, m.requests, m.seconds, m.tokens, m.cost}
}

// Describe sends the descriptions.
func (c *collector) Describe(descriptions chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{c.waiting, c.inFlight, c.jobs, c.age} {
		descriptions <- desc
	}
	for _, counted := range c.counted() {
		counted.Describe(descriptions)
	}
}

// scrapeTimeout bounds the question to SQLite behind a scrape.
const scrapeTimeout = 2 * time.Second

// Collect sends the values. Where SQLite does not answer, the jobs are left out.
func (c *collector) Collect(values chan<- prometheus.Metric) {
	for _, counted := range c.counted() {
		counted.Collect(values)
	}
	waiting, inFlight, age := c.runner.load()
	values <- prometheus.MustNewConstMetric(c.waiting, prometheus.GaugeValue, float64(waiting))
	values <- prometheus.MustNewConstMetric(c.inFlight, prometheus.GaugeValue, float64(inFlight))
	values <- prometheus.MustNewConstMetric(c.age, prometheus.GaugeValue, age.Seconds())

	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	counts, err := c.runner.ledger.countByStatus(ctx)
	if err != nil {
		return
	}
	for _, status := range []records.Status{records.StatusPending, records.StatusProcessing, records.StatusPaused} {
		values <- prometheus.MustNewConstMetric(c.jobs, prometheus.GaugeValue, float64(counts[status]), string(status))
	}
}

// load returns how many segments wait, how many requests are in flight, and how
// long the most neglected job has waited for its turn.
func (r *runner) load() (waiting, inFlight int, age time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.schedule == nil {
		return 0, 0, 0 // not started
	}
	now := r.now()
	for id, job := range r.schedule.jobs {
		waiting += len(job.fresh) + len(job.again)
		if active := r.active[id]; active != nil && job.inFlight == 0 {
			age = max(age, now.Sub(active.served))
		}
	}
	return waiting, r.schedule.asking, age
}

// countByStatus counts the unfinished jobs.
func (l *ledger) countByStatus(ctx context.Context) (map[records.Status]int, error) {
	var rows []struct {
		Status records.Status `db:"status"`
		N      int            `db:"n"`
	}
	err := l.app.ConcurrentDB().NewQuery(`SELECT status, COUNT(*) AS n FROM translation_jobs WHERE completed_at = '' GROUP BY status`).
		WithContext(ctx).All(&rows)
	counts := make(map[records.Status]int, len(rows))
	for _, row := range rows {
		counts[row.Status] = row.N
	}
	return counts, wrap("count unfinished jobs", err)
}
