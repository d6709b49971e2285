package pgmirror

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// scrapeTimeout bounds the question to SQLite behind a scrape.
const scrapeTimeout = 2 * time.Second

// collector tells Prometheus of a mirror. PostgreSQL is not asked.
type collector struct {
	mirror                     *Mirror
	lagRows, lagSeconds, state *prometheus.Desc
}

// Metrics tells how far PostgreSQL lags behind, and what the mirror does.
func (m *Mirror) Metrics() prometheus.Collector {
	return &collector{
		mirror:     m,
		lagRows:    prometheus.NewDesc("verso_mirror_lag_rows", "Rows that PostgreSQL does not have as they are now.", nil, nil),
		lagSeconds: prometheus.NewDesc("verso_mirror_lag_seconds", "How long PostgreSQL has lacked the first of them.", nil, nil),
		state:      prometheus.NewDesc("verso_mirror_state", "1 for what the mirror does, 0 for what it does not.", []string{"state"}, nil),
	}
}

// Describe sends the descriptions.
func (c *collector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- c.lagRows
	descriptions <- c.lagSeconds
	descriptions <- c.state
}

// Collect sends the values. Where SQLite does not answer, the lag is left out.
func (c *collector) Collect(values chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	report, err := c.mirror.Report(ctx)
	for _, state := range []State{stateAway, stateFilling, stateStreaming, stateBehind, stateStopped} {
		on := 0.0
		if report.State == state {
			on = 1
		}
		values <- prometheus.MustNewConstMetric(c.state, prometheus.GaugeValue, on, string(state))
	}
	if err != nil {
		return
	}
	values <- prometheus.MustNewConstMetric(c.lagRows, prometheus.GaugeValue, float64(report.LagRows))
	values <- prometheus.MustNewConstMetric(c.lagSeconds, prometheus.GaugeValue, report.Lag.Seconds())
}
