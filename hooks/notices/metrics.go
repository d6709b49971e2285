package notices

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// scrapeTimeout bounds the question to SQLite behind a scrape.
const scrapeTimeout = 2 * time.Second

// collector tells Prometheus of mails.
type collector struct {
	plugin  *plugin
	waiting *prometheus.Desc
}

func newAttempts() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "verso_mail_attempts_total", Help: "Attempts to send a mail: sent, to be tried again, or given up.",
	}, []string{"outcome"})
}

// Metrics tells what came of mails, and how many wait.
func (n *Notices) Metrics() prometheus.Collector {
	return &collector{
		plugin:  n.plugin,
		waiting: prometheus.NewDesc("verso_mails_waiting", "Mails that are to be sent.", nil, nil),
	}
}

// Describe sends the descriptions.
func (c *collector) Describe(descriptions chan<- *prometheus.Desc) {
	c.plugin.attempts.Describe(descriptions)
	descriptions <- c.waiting
}

// Collect sends the values. Where SQLite does not answer, what waits is left out.
func (c *collector) Collect(values chan<- prometheus.Metric) {
	c.plugin.attempts.Collect(values)
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	if waiting, err := c.plugin.outbox.waiting(ctx); err == nil {
		values <- prometheus.MustNewConstMetric(c.waiting, prometheus.GaugeValue, float64(waiting))
	}
}

// waiting counts what is to be sent.
func (o *outbox) waiting(ctx context.Context) (n int, err error) {
	err = o.app.ConcurrentDB().NewQuery(`SELECT COUNT(*) FROM job_notices WHERE state = 'pending'`).WithContext(ctx).Row(&n)
	if err != nil {
		return 0, fmt.Errorf("count notices: %w", err)
	}
	return n, nil
}
