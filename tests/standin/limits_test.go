package standin_test

import (
	"sync"
	"testing"
	"time"

	"google.golang.org/genai"

	"verso/tests/standin"
)

// clock is a time that only a test moves.
type clock struct {
	sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.Lock()
	defer c.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.Lock()
	defer c.Unlock()
	c.now = c.now.Add(d)
}

// noon in California, in winter.
func newClock() *clock { return &clock{now: time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)} }

// limited asks and wants a 429; it returns how long to wait and which quota.
func limited(t *testing.T, c client, list []standin.Block) (time.Duration, string) {
	t.Helper()
	failed := refused(t, second(c.ask(t.Context(), list)))
	if failed.Code != 429 || failed.Status != "RESOURCE_EXHAUSTED" {
		t.Fatalf("got %v", failed)
	}
	return delay(t, failed), detail(t, failed, "QuotaFailure")["violations"].([]any)[0].(map[string]any)["quotaId"].(string)
}

func delay(t *testing.T, failed genai.APIError) time.Duration {
	t.Helper()
	wait, err := time.ParseDuration(detail(t, failed, "RetryInfo")["retryDelay"].(string))
	if err != nil {
		t.Fatal(err)
	}
	return wait
}

func TestRequestLimit(t *testing.T) {
	clock := newClock()
	server, client := start(t, standin.Config{Limits: standin.Limits{RequestsPerMinute: 3}, Now: clock.Now})
	list := blocks("One.")
	for range 3 {
		client.answer(list)
		clock.move(10 * time.Second)
	}
	wait, quota := limited(t, client, list)
	if wait != 30*time.Second || quota != "GenerateRequestsPerMinutePerProjectPerModel-FreeTier" {
		t.Errorf("wait %v for %s", wait, quota)
	}
	newClient(t, server, "other").answer(list) // another key is another project

	clock.move(wait - time.Millisecond)
	if wait, _ := limited(t, client, list); wait != time.Millisecond {
		t.Errorf("a millisecond early: wait %v", wait)
	}
	clock.move(time.Millisecond)
	client.answer(list)
	if wait, _ := limited(t, client, list); wait != 10*time.Second {
		t.Errorf("then wait %v", wait)
	}
}

func TestTokenLimit(t *testing.T) {
	clock := newClock()
	measured, probe := start(t, standin.Config{})
	list := blocks("One.")
	probe.answer(list)
	tokens := measured.Requests()[0].InputTokens

	_, client := start(t, standin.Config{Limits: standin.Limits{TokensPerMinute: 2*tokens + 1, Window: time.Second}, Now: clock.Now})
	client.answer(list)
	clock.move(100 * time.Millisecond)
	client.answer(list)
	wait, quota := limited(t, client, list)
	if wait != 900*time.Millisecond || quota != "GenerateContentInputTokensPerModelPerMinute-FreeTier" {
		t.Errorf("wait %v for %s", wait, quota)
	}
	clock.move(wait)
	client.answer(list)
}

func TestMoreTokensThanTheLimit(t *testing.T) {
	_, client := start(t, standin.Config{Limits: standin.Limits{TokensPerMinute: 3}, Now: newClock().Now})
	limited(t, client, blocks("One."))
}

func TestDayLimit(t *testing.T) {
	clock := newClock()
	_, client := start(t, standin.Config{Limits: standin.Limits{RequestsPerDay: 2, RequestsPerMinute: 100}, Now: clock.Now})
	list := blocks("One.")
	client.answer(list)
	client.answer(list)
	wait, quota := limited(t, client, list)
	if wait != 12*time.Hour || quota != "GenerateRequestsPerDayPerProjectPerModel-FreeTier" {
		t.Errorf("wait %v for %s", wait, quota)
	}
	clock.move(wait)
	client.answer(list)
}

// TestLimitUnderLoad asks from many sides at once: what passed never exceeds
// the limit in any window.
func TestLimitUnderLoad(t *testing.T) {
	server, client := start(t, standin.Config{Limits: standin.Limits{RequestsPerMinute: 5}, Now: newClock().Now})
	var asking sync.WaitGroup
	for range 20 {
		asking.Go(func() { _, _ = client.ask(t.Context(), blocks("One.")) })
	}
	asking.Wait()
	passed := 0
	for _, request := range server.Requests() {
		if request.Status == 200 {
			passed++
		}
	}
	if passed != 5 {
		t.Errorf("%d passed", passed)
	}
	if n, _ := server.MostInWindow(time.Minute); n != 20 {
		t.Errorf("%d requests arrived in a minute", n)
	}
}
