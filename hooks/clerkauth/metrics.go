package clerkauth

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/prometheus/client_golang/prometheus"
)

// What came of looking at who asks, beside a [Reason] for which a token was refused.
const (
	outcomeGuest       = "guest"
	outcomeUser        = "user"
	outcomeSuperuser   = "superuser"
	outcomeUnknown     = "user-unknown" // even to Clerk, or deleted
	outcomeUnavailable = "unavailable"  // it could not be found out
	outcomeLimited     = "limited"      // too many failures from one address
)

// metrics counts what came of the requests.
type metrics struct {
	outcomes *prometheus.CounterVec
}

func newMetrics() metrics {
	return metrics{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "verso_auth_total", Help: "Requests by who asks, or by why that does not count.",
	}, []string{"outcome"})}
}

func (m metrics) count(outcome string) { m.outcomes.WithLabelValues(outcome).Inc() }

// whoAsks is the outcome for a request that passes.
func whoAsks(e *core.RequestEvent) string {
	switch {
	case e.Auth == nil:
		return outcomeGuest
	case e.Auth.IsSuperuser():
		return outcomeSuperuser
	}
	return outcomeUser
}

// Guard is the plugin at work.
type Guard struct{ plugin *plugin }

// Metrics tells what came of the requests, and how old the key set is.
func (g *Guard) Metrics() prometheus.Collector {
	return &collector{
		outcomes: g.plugin.metrics.outcomes,
		keySet:   g.plugin.verifier.keySet,
		age:      prometheus.NewDesc("verso_key_set_age_seconds", "How long ago Clerk's key set was fetched; absent before the first fetch, and where the key is configured.", nil, nil),
		fetches:  prometheus.NewDesc("verso_key_set_fetches_total", "Fetches of Clerk's key set by how they ended.", []string{"outcome"}, nil),
	}
}

// collector tells Prometheus of them.
type collector struct {
	outcomes     *prometheus.CounterVec
	keySet       *keySet // nil where the key is configured
	age, fetches *prometheus.Desc
}

// Describe sends the descriptions.
func (c *collector) Describe(descriptions chan<- *prometheus.Desc) {
	c.outcomes.Describe(descriptions)
	descriptions <- c.age
	descriptions <- c.fetches
}

// Collect sends the values.
func (c *collector) Collect(values chan<- prometheus.Metric) {
	c.outcomes.Collect(values)
	if c.keySet == nil {
		return
	}
	state := c.keySet.state()
	if !state.fetchedAt.IsZero() {
		age := max(c.keySet.now().Sub(state.fetchedAt), 0)
		values <- prometheus.MustNewConstMetric(c.age, prometheus.GaugeValue, age.Seconds())
	}
	values <- prometheus.MustNewConstMetric(c.fetches, prometheus.CounterValue, float64(state.fetched), "ok")
	values <- prometheus.MustNewConstMetric(c.fetches, prometheus.CounterValue, float64(state.failed), "failed")
}

// keySetReport tells of the key set at /readyz.
type keySetReport struct {
	// Keys is "fetched", "outdated" while Clerk is out of reach, "missing" before the
	// first fetch, or "configured".
	Keys      string     `json:"keys"`
	FetchedAt *time.Time `json:"fetched_at,omitempty"`
}

// Ready reports for /readyz whether session tokens can be verified. Clerk is not
// asked for it.
func (g *Guard) Ready(context.Context) any {
	keys := g.plugin.verifier.keySet
	if keys == nil {
		return keySetReport{Keys: "configured"}
	}
	state := keys.state()
	if state.fetchedAt.IsZero() {
		return keySetReport{Keys: "missing"}
	}
	report := keySetReport{Keys: "fetched", FetchedAt: new(state.fetchedAt.UTC().Truncate(time.Second))}
	if state.failing {
		report.Keys = "outdated"
	}
	return report
}

// keySetState is what is told of a key set.
type keySetState struct {
	fetchedAt       time.Time
	failing         bool // the last fetch failed
	fetched, failed int
}

func (s *keySet) state() keySetState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return keySetState{fetchedAt: s.fetchedAt, failing: s.fetchErr != nil, fetched: s.fetched, failed: s.failures}
}
