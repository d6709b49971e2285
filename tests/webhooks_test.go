package tests

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	svix "github.com/svix/svix-webhooks/go"

	"verso/tests/process"
)

const webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// delivery is a webhook as Svix sends it: the same id at each attempt.
type delivery struct{ id, body string }

// userDelivery is the delivery of a user's profile.
func userDelivery(n int) delivery {
	return delivery{fmt.Sprintf("msg_%d", n), fmt.Sprintf(`{"type":"user.updated","object":"event","data":{"object":"user","id":"user_%05d","first_name":"Name %d",`+
		`"primary_email_address_id":"idn_1","email_addresses":[{"id":"idn_1","email_address":"%d@example.org","verification":{"status":"verified"}}],"updated_at":%d}}`, n, n, n, 1000+n)}
}

// signGo returns the headers that Svix's Go library makes.
func (d delivery) signGo(t testing.TB) http.Header {
	t.Helper()
	webhook, err := svix.NewWebhook(webhookSecret)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	signature, err := webhook.Sign(d.id, now, []byte(d.body))
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	header.Set("svix-id", d.id)
	header.Set("svix-timestamp", strconv.FormatInt(now.Unix(), 10))
	header.Set("svix-signature", signature)
	return header
}

// signNode returns the headers that Svix's JavaScript library makes, which is
// installed where it is missing.
func (d delivery) signNode(t testing.TB) http.Header {
	t.Helper()
	dir, err := filepath.Abs("svix")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "svix")); err != nil {
		install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir)
		if out, err := install.CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, out)
		}
	}
	input, _ := json.Marshal(map[string]string{"secret": webhookSecret, "id": d.id, "body": d.body})
	node := exec.CommandContext(t.Context(), "node", filepath.Join(dir, "sign.mjs"))
	node.Stdin = bytes.NewReader(input)
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var signed map[string]string
	if err := json.Unmarshal(out, &signed); err != nil {
		t.Fatalf("node printed %q: %v", out, err)
	}
	header := http.Header{}
	for name, value := range signed {
		header.Set(name, value)
	}
	return header
}

// send delivers, and returns the status, 0 where nobody answered.
func (d delivery) send(t testing.TB, server *process.Server, header http.Header) int {
	t.Helper()
	guest := server.Guest(t)
	request, err := guest.Request(t.Context(), http.MethodPost, "/api/v1/webhooks/clerk", strings.NewReader(d.body))
	if err != nil {
		t.Fatal(err)
	}
	for name := range header {
		request.Header.Set(name, header.Get(name))
	}
	answer, err := guest.Perform(request)
	if err != nil {
		return 0
	}
	return answer.Status
}

// TestWebhooks delivers to the running service, signed by both of Svix's
// libraries.
func TestWebhooks(t *testing.T) {
	clerk := newInstance(t)
	server := process.Start(t, process.Options{Command: "serve", Env: clerk.env(t, "CLERK_WEBHOOK_SIGNING_SECRET", "whsec_dW51c2Vk,"+webhookSecret)})
	database := process.OpenDatabase(t, server.Dir)

	byGo, byNode := userDelivery(1), userDelivery(2)
	header := byNode.signNode(t)
	if status := byGo.send(t, server, byGo.signGo(t)); status != http.StatusOK {
		t.Errorf("signed in Go: %d", status)
	}
	for range 2 { // the second is a replay
		if status := byNode.send(t, server, header); status != http.StatusOK {
			t.Errorf("signed in JavaScript: %d", status)
		}
	}
	changed := delivery{byNode.id, strings.Replace(byNode.body, "Name 2", "Name 3", 1)}
	if status := changed.send(t, server, header); status != http.StatusBadRequest {
		t.Errorf("changed on its way: %d", status)
	}
	if got := database.Text(t, `SELECT group_concat(name || ' ' || email, '; ') FROM (SELECT * FROM users ORDER BY name)`); got != "Name 1 1@example.org; Name 2 2@example.org" {
		t.Errorf("the users are %q", got)
	}

	// A session that Clerk ends loses its stream at once, and its tokens count no more.
	ada := clerk.signIn(t, server, "user_00001", nil)
	stream := ada.Subscribe(t, "translation_jobs/*")
	ended := delivery{"msg_ended", `{"type":"session.revoked","object":"event","data":{"object":"session","id":"sess_2abc","user_id":"user_00001"}}`}
	begun := time.Now()
	if status := ended.send(t, server, ended.signGo(t)); status != http.StatusOK {
		t.Fatalf("session.revoked: %d", status)
	}
	select {
	case <-stream.Ended():
		t.Logf("the stream ended %s after the delivery was sent", time.Since(begun).Round(time.Millisecond))
	case <-time.After(time.Second):
		t.Error("the stream lives on")
	}
	answer := ada.Get(t, "/api/v1/jobs").MustBe(t, http.StatusUnauthorized)
	if reason := answer.Header.Get("x-clerk-auth-reason"); reason != "session-token-iat-before-client-uat" {
		t.Errorf("the reason is %q", reason)
	}

	// A deleted user is not found any more, by whatever token.
	bo := clerk.signIn(t, server, "user_00002", func(claims map[string]any) { claims["sid"] = "sess_2bo" })
	bo.Get(t, "/api/v1/jobs").MustBe(t, http.StatusOK)
	deleted := delivery{"msg_deleted", `{"type":"user.deleted","object":"event","data":{"object":"user","id":"user_00002","deleted":true}}`}
	if status := deleted.send(t, server, deleted.signGo(t)); status != http.StatusOK {
		t.Fatalf("user.deleted: %d", status)
	}
	if problem := bo.Get(t, "/api/v1/jobs").MustRefuse(t, http.StatusNotFound); problem.Detail != "User not found in our database. Please re-login." {
		t.Errorf("a deleted user is told %q", problem.Detail)
	}
}

// TestWebhookSecretIsNeeded holds that deliveries are not lost while the secret is
// not configured: Svix sends them again.
func TestWebhookSecretIsNeeded(t *testing.T) {
	clerk := newInstance(t)
	server := process.Start(t, process.Options{Command: "serve", Env: clerk.env(t)})
	d := userDelivery(1)
	if status := d.send(t, server, d.signGo(t)); status != http.StatusInternalServerError {
		t.Errorf("answered with %d", status)
	}
	code, out := process.Run(t, clerk.env(t, "CLERK_WEBHOOK_SECRET", "whsec_"), "serve", "--dir", t.TempDir()+"/data")
	if code == 0 || !strings.Contains(out, "CLERK_WEBHOOK_SECRET: cannot be used") {
		t.Errorf("an empty secret: exit code %d, %s", code, out)
	}
}

// killDeliveries is how many deliveries come while the service is killed, and
// killTimes how often it is.
const killDeliveries, killTimes = 2000, 8

// TestKillWebhooks kills the service again and again while deliveries come, each of
// which is sent until it is taken. Nothing is lost and nothing has an effect twice.
func TestKillWebhooks(t *testing.T) {
	t.Parallel()
	chance := seeded(t)
	clerk := newInstance(t)
	options := process.Options{Command: "serve", Dir: t.TempDir() + "/data", Env: clerk.env(t, "CLERK_WEBHOOK_SECRET", webhookSecret)}
	server := process.Start(t, options)

	var mu sync.Mutex // of server
	current := func() *process.Server {
		mu.Lock()
		defer mu.Unlock()
		return server
	}
	queue := make(chan delivery, killDeliveries)
	for _, n := range chance.Perm(killDeliveries) {
		queue <- userDelivery(n)
	}
	close(queue)
	done := make(chan struct{})
	var senders sync.WaitGroup
	attempts := make([]int, 8)
	for sender := range attempts {
		senders.Go(func() {
			for d := range queue {
				for status := 0; status != http.StatusOK; attempts[sender]++ {
					if status = d.send(t, current(), d.signGo(t)); status != http.StatusOK && status != 0 && status < 500 {
						t.Errorf("%s: %d", d.id, status)
						break
					}
				}
			}
		})
	}
	go func() {
		senders.Wait()
		close(done)
	}()
	kills := 0
	for running := true; running && kills < killTimes; {
		select {
		case <-done:
			running = false
		case <-time.After(time.Duration(100+chance.IntN(300)) * time.Millisecond):
			current().Kill()
			next := process.Start(t, options)
			mu.Lock()
			server = next
			mu.Unlock()
			kills++
		}
	}
	<-done

	database := process.OpenDatabase(t, options.Dir)
	for query, want := range map[string]string{
		`SELECT COUNT(*) FROM users WHERE email = CAST(substr(clerk_user_id, 6) AS INTEGER) || '@example.org'`: strconv.Itoa(killDeliveries),
		`SELECT COUNT(*) FROM clerk_webhook_deliveries WHERE outcome = 'applied'`:                              strconv.Itoa(killDeliveries),
		`SELECT SUM(count) FROM clerk_webhook_counts`:                                                          strconv.Itoa(killDeliveries),
	} {
		if got := database.Text(t, query); got != want {
			t.Errorf("%s is %s, want %s", query, got, want)
		}
	}
	sum := 0
	for _, n := range attempts {
		sum += n
	}
	t.Logf("%d deliveries, %d kills, %d attempts", killDeliveries, kills, sum)
	if kills < 3 {
		t.Errorf("it was killed %d times only", kills)
	}
}
