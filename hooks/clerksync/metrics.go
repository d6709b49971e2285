package clerksync

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// What came of a delivery that was not taken, beside an [outcome].
const (
	duplicate outcome = "duplicate"    // taken before
	refused   outcome = "refused"      // unsigned, unreadable, or too large
	failed    outcome = "failed"       // to be sent again
	unset     outcome = "unconfigured" // there is no secret
)

// otherType stands for types of events that have no effect here, and for deliveries
// whose type nobody vouches for.
const otherType = "other"

func newDeliveries() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "verso_webhooks_total", Help: "Deliveries of Clerk's webhooks by the type of the event and what came of it.",
	}, []string{"type", "outcome"})
}

// Metrics tells what came of deliveries.
func (s *Sync) Metrics() prometheus.Collector { return s.deliveries }

// count counts a delivery. Only types that have an effect are told apart.
func (s *Sync) count(eventType string, result outcome) {
	switch eventType {
	case userCreated, userUpdated, userDeleted, sessionEnded, sessionRemoved, sessionRevoked:
	default:
		eventType = otherType
	}
	s.deliveries.WithLabelValues(eventType, strings.ReplaceAll(string(result), " ", "-")).Inc()
}
