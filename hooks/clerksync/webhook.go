package clerksync

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	svix "github.com/svix/svix-webhooks/go"
)

const (
	// WebhookPath is where Clerk delivers events.
	WebhookPath = "/api/v1/webhooks/clerk"
	// maxWebhookBytes bounds a delivery's body, as the contract has it.
	maxWebhookBytes = 1 << 20
	// webhookTimeout bounds what a delivery may take: Svix waits for 15 s, and
	// what it does not hear of in that time it sends again.
	webhookTimeout = 10 * time.Second
	// retryDelivery is the Retry-After of a delivery that should be sent again.
	retryDelivery = "5"
)

// newWebhooks prepares the verification with each of the secrets. More than one
// counts while one is rotated.
func newWebhooks(secrets []string) ([]*svix.Webhook, error) {
	webhooks := make([]*svix.Webhook, len(secrets))
	for i, secret := range secrets {
		webhook, err := svix.NewWebhook(secret)
		if err != nil {
			// The library's error may quote what it could not decode.
			return nil, fmt.Errorf("clerksync: Config.WebhookSecrets: the secret number %d is not one of Svix's, whsec_ and base64", i+1)
		}
		webhooks[i] = webhook
	}
	return webhooks, nil
}

// bindWebhook binds the route. It is exempt from PocketBase's limits per address,
// because all deliveries come from a few addresses of Svix's; and those that
// succeed are noted in a collection of their own, not in the request log.
func (s *Sync) bindWebhook(e *core.ServeEvent) {
	e.Router.POST(WebhookPath, s.receive).
		Unbind(apis.DefaultRateLimitMiddlewareId, apis.DefaultBodyLimitMiddlewareId).
		Bind(apis.SkipSuccessActivityLog())
}

// receive takes a delivery. It answers with 4xx what will never succeed, however
// often it is sent, and with 5xx what should be sent again.
func (s *Sync) receive(e *core.RequestEvent) error {
	if len(s.webhooks) == 0 {
		s.count("", unset)
		return e.InternalServerError("Webhook secret is not configured.", nil)
	}
	event, err := s.read(e)
	if err != nil {
		s.count("", refused)
		return err
	}

	// Not under the request's context: what was begun is finished, though Svix
	// has hung up.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.Request.Context()), webhookTimeout)
	defer cancel()
	result, err := s.deliver(ctx, e.Request.Header.Get("svix-id"), event)
	s.count(event.Type, result)
	if err != nil {
		e.Response.Header().Set("Retry-After", retryDelivery)
		return router.NewApiError(http.StatusServiceUnavailable, "The delivery could not be taken in. Send it again.", err)
	}
	return e.JSON(http.StatusOK, map[string]string{"status": "success"})
}

// read reads a delivery, or returns why it will never be taken.
func (s *Sync) read(e *core.RequestEvent) (*event, error) {
	body, err := io.ReadAll(io.LimitReader(e.Request.Body, maxWebhookBytes+1))
	if err != nil {
		return nil, e.BadRequestError("The delivery could not be read to its end.", err)
	}
	if len(body) > maxWebhookBytes {
		return nil, router.NewApiError(http.StatusRequestEntityTooLarge, "The delivery is larger than 1 MB.", nil)
	}
	if !s.isSigned(body, e.Request.Header) {
		return nil, e.BadRequestError("Error verifying webhook signature.", nil)
	}
	if utf8.RuneCountInString(e.Request.Header.Get("svix-id")) > maxTextRunes {
		return nil, e.BadRequestError("The svix-id is longer than any delivery's.", nil)
	}
	event, err := parseEvent(body)
	if err != nil {
		return nil, e.BadRequestError("The delivery is signed and cannot be read.", err)
	}
	return event, nil
}

// isSigned reports whether one of the secrets has signed a body. The library
// would take headers of other names as well, which Clerk does not send.
func (s *Sync) isSigned(body []byte, header http.Header) bool {
	for _, name := range [...]string{"svix-id", "svix-timestamp", "svix-signature"} {
		if len(header.Values(name)) != 1 || header.Get(name) == "" {
			return false
		}
	}
	for _, webhook := range s.webhooks {
		if webhook.Verify(body, header) == nil {
			return true
		}
	}
	return false
}
