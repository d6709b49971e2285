package translation

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"verso/hooks/records"
)

// writeTimeout bounds the writing of one message. A client that does not read
// would otherwise hold its connection and goroutines for ever, because
// PocketBase takes the server's deadline off realtime connections.
const writeTimeout = 10 * time.Second

// bindRealtime takes the topics about jobs over from PocketBase's broadcast.
// Clients notice nothing: names and messages are the same.
func (p *plugin) bindRealtime() {
	p.app.OnRealtimeSubscribeRequest().BindFunc(p.subscribe)
	p.app.OnRealtimeConnectRequest().BindFunc(func(e *core.RealtimeConnectRequestEvent) error {
		made := newClient(e.Client, &p.feed.workers)
		// One that is refused never reaches PocketBase's broker, which ends all others.
		defer made.Discard()
		e.Client = made
		defer p.feed.detach(made)
		return e.Next()
	})
	p.app.OnRealtimeMessageSend().BindFunc(boundWrite)
}

func (p *plugin) subscribe(e *core.RealtimeSubscribeRequestEvent) error {
	c, ours := e.Client.(*client)
	if e.Auth == nil || !ours {
		// A guest's subscriptions stay PocketBase's, whose rules give him
		// nothing; a stream that was somebody's before is not his.
		p.feed.detach(e.Client)
		return e.Next()
	}
	jobs, err := p.jobsCollection()
	if err != nil {
		return e.InternalServerError("", fmt.Errorf("find jobs collection: %w", err))
	}
	if subscribesBack(e.Subscriptions) {
		return e.BadRequestError(noBackRelations, nil)
	}
	own, others := jobTopics(jobs, e.Subscriptions)
	if tooManyFilters(own) {
		return e.BadRequestError(fmt.Sprintf("At most %d subscriptions to jobs may have a filter.", maxFilters), nil)
	}
	e.Subscriptions = others
	p.feed.attach(c, e.Auth, own)
	if err := e.Next(); err != nil {
		p.feed.detach(e.Client)
		return err
	}
	return nil
}

// maxFilters bounds the subscriptions of one client that have a filter: each
// costs a query a message.
const maxFilters = 10

func tooManyFilters(topics map[string]subscriptions.SubscriptionOptions) bool {
	filters := 0
	for _, options := range topics {
		if options.Query[filterOption] != "" {
			filters++
		}
	}
	return filters > maxFilters
}

// subscribesBack reports whether a subscription asks for what refers to a record, with
// every message.
func subscribesBack(topics []string) bool {
	parse := subscriptions.NewDefaultClient()
	parse.Subscribe(topics...)
	for _, options := range parse.Subscriptions() {
		if refersBack(options.Query["expand"], options.Query[filterOption]) {
			return true
		}
	}
	return false
}

// jobsCollection returns the collection of jobs.
func (p *plugin) jobsCollection() (*core.Collection, error) {
	return p.app.FindCachedCollectionByNameOrId(records.CollectionJobs)
}

// boundWrite sets a deadline for the message, and takes it off again: HTTP/2
// would end an idle stream whose deadline passes.
func boundWrite(e *core.RealtimeMessageEvent) error {
	connection := http.NewResponseController(e.Response)
	err := connection.SetWriteDeadline(time.Now().Add(writeTimeout))
	if errors.Is(err, http.ErrNotSupported) {
		return e.Next()
	}
	if err != nil {
		return fmt.Errorf("set write deadline: %w", err)
	}
	if err := e.Next(); err != nil {
		return err
	}
	return connection.SetWriteDeadline(time.Time{})
}
