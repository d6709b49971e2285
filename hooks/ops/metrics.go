package ops

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	// countRequestsPriority stands outside everything that answers, so that what is
	// counted is what was sent.
	countRequestsPriority = apis.DefaultCorsMiddlewarePriority - 5
	// metricsTimeout bounds a scrape, and the wait for one at the end.
	metricsTimeout = 10 * time.Second
)

// metrics is what the service counts, in a registry of its own.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics(app core.App, further []prometheus.Collector) (*metrics, error) {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "verso_http_requests_total", Help: "Requests by the route that answered and the status.",
		}, []string{"method", "route", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "verso_http_request_duration_seconds", Help: "Time until a request was answered, streams left out.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"method", "route"}),
	}
	streams := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "verso_realtime_streams", Help: "Open realtime connections.",
	}, func() float64 { return float64(app.SubscriptionsBroker().TotalClients()) })
	own := []prometheus.Collector{
		m.requests, m.seconds, streams,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	}
	for _, collector := range append(own, further...) {
		if err := m.registry.Register(collector); err != nil {
			return nil, fmt.Errorf("register metrics: %w", err)
		}
	}
	return m, nil
}

// countRequests counts every answer. A request is known by its route's pattern, of
// which there are a fixed number, and never by its address, which holds ids.
func (m *metrics) countRequests() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id:       "versoCountRequests",
		Priority: countRequestsPriority,
		Func: func(e *core.RequestEvent) error {
			began := time.Now()
			err := e.Next()
			method, route := methodOf(e.Request), routeOf(e.Request)
			m.requests.WithLabelValues(method, route, strconv.Itoa(statusOf(e, err))).Inc()
			if route != "/api/realtime" {
				m.seconds.WithLabelValues(method, route).Observe(time.Since(began).Seconds())
			}
			return err
		},
	}
}

// methodOf bounds what callers can make up.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	default:
		return "other"
	}
}

// routeOf is the pattern of the route, "/api/v1/jobs/{id}", without what says that
// nothing follows.
func routeOf(r *http.Request) string {
	pattern := strings.TrimSuffix(r.Pattern, "{$}")
	if _, path, found := strings.Cut(pattern, " "); found {
		pattern = path
	}
	if pattern == "" {
		return "none"
	}
	return pattern
}

// statusOf is the status that was sent, or will be for an error.
func statusOf(e *core.RequestEvent, err error) int {
	if status := e.Status(); status != 0 {
		return status
	}
	if err != nil {
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

// handler writes what was counted in Prometheus' text format.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: metricsTimeout})
}

// listener serves /metrics alone, to anyone who reaches its address.
type listener struct {
	server *http.Server
	done   chan struct{} // closed when it has ended
}

// listen opens an address for /metrics.
func (m *metrics) listen(app core.App, address string) (*listener, error) {
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("VERSO_METRICS_ADDR: nobody can listen there: %w; it takes an address of this machine that is free", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.handler())
	l := &listener{
		server: &http.Server{Handler: mux, ReadTimeout: metricsTimeout, WriteTimeout: 2 * metricsTimeout, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10},
		done:   make(chan struct{}),
	}
	go func() {
		defer close(l.done)
		if err := l.server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
			app.Logger().Error("metrics are served no more", "error", err)
		}
	}()
	return l, nil
}

// close ends the listener and waits for it.
func (l *listener) close() {
	ctx, cancel := context.WithTimeout(context.Background(), metricsTimeout)
	defer cancel()
	if err := l.server.Shutdown(ctx); err != nil {
		_ = l.server.Close() // it lets go of what is still open
	}
	<-l.done
}
