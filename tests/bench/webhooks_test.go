package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	svix "github.com/svix/svix-webhooks/go"

	"verso/tests/process"
)

const (
	webhookSecret      = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	webhookDeliveries  = 10_000 // each about another user
	webhookConnections = 8
)

// webhookRequest is a delivery about a user of its own, signed.
func webhookRequest(b *testing.B, webhook *svix.Webhook, url string, n int) *http.Request {
	b.Helper()
	body := fmt.Appendf(nil, `{"type":"user.created","object":"event","data":{"object":"user","id":"user_%027d","first_name":"Reader","last_name":"%d",`+
		`"primary_email_address_id":"idn_1","email_addresses":[{"id":"idn_1","email_address":"reader%d@example.org","verification":{"status":"verified"}}],"updated_at":1764000000000}}`, n, n, n)
	now := time.Now()
	id := fmt.Sprintf("msg_%027d", n)
	signature, err := webhook.Sign(id, now, body)
	if err != nil {
		b.Fatal(err)
	}
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url+"/api/v1/webhooks/clerk", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("svix-id", id)
	request.Header.Set("svix-timestamp", strconv.FormatInt(now.Unix(), 10))
	request.Header.Set("svix-signature", signature)
	return request
}

// BenchmarkWebhooks delivers ten thousand events about as many users over eight
// connections while a book is being translated, and counts afterwards that all had
// their effect.
func BenchmarkWebhooks(b *testing.B) {
	webhook, err := svix.NewWebhook(webhookSecret)
	if err != nil {
		b.Fatal(err)
	}
	server := process.Start(b, process.Options{Env: map[string]string{
		"CLERK_WEBHOOK_SECRET": webhookSecret, "VERSO_PSEUDO_DELAY": "50ms", "VERSO_JOB_CONCURRENCY": "8",
	}})
	client := server.SignIn(b, "user_demoada")
	// No two paragraphs are alike: what stands in a document twice is asked for once.
	var text strings.Builder
	for n := range 30_000 {
		fmt.Fprintf(&text, "%d: %s\n\n", n, strings.Repeat("Call me Ishmael. ", 28))
	}
	job := client.MustUpload(b, process.Upload{Content: strings.NewReader(text.String()), Fields: map[string]string{"segment_size": "500", "target_language": "fr"}})
	process.Eventually(b, time.Minute, "the book is being translated", func() bool { return client.Job(b, job.ID).SegmentsDone > 0 })

	numbers := make(chan int, webhookDeliveries)
	for n := range webhookDeliveries {
		numbers <- n
	}
	close(numbers)
	var mu sync.Mutex
	var times []time.Duration
	var connections sync.WaitGroup
	begun := time.Now()
	for range webhookConnections {
		connections.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for n := range numbers {
				request := webhookRequest(b, webhook, server.URL, n)
				at := time.Now()
				answer, err := client.Do(request)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if answer.StatusCode != http.StatusOK {
					b.Errorf("delivery %d: %d", n, answer.StatusCode)
				}
				mu.Lock()
				times = append(times, time.Since(at))
				mu.Unlock()
			}
		})
	}
	connections.Wait()
	took := time.Since(begun)
	after := client.Job(b, job.ID)
	if after.SegmentsDone == after.SegmentsTotal {
		b.Error("the book ended before the deliveries did")
	}
	database := process.OpenDatabase(b, server.Dir)
	users := database.Text(b, `SELECT COUNT(*) FROM users WHERE email LIKE 'reader%@example.org'`)
	applied := database.Text(b, `SELECT count FROM clerk_webhook_counts WHERE event_type = 'user.created' AND outcome = 'applied'`)
	if users != strconv.Itoa(webhookDeliveries) || applied != users {
		b.Errorf("%s users and %s effects of %d deliveries", users, applied, webhookDeliveries)
	}
	slices.Sort(times)
	table.add(requests, fmt.Sprintf("%d webhooks over %d connections", webhookDeliveries, webhookConnections), fmt.Sprintf("%.0f a second", webhookDeliveries/took.Seconds()),
		fmt.Sprintf("p50 %s, p99 %s, while a book was translated at %.0f segments a second; all applied",
			times[len(times)/2].Round(10*time.Microsecond), times[len(times)*99/100].Round(10*time.Microsecond), float64(after.SegmentsDone)/took.Seconds()))
	client.DeleteJob(b, job.ID)
}
