package translation

import (
	"encoding/json"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/picker"
	"github.com/pocketbase/pocketbase/tools/search"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"verso/hooks/records"
)

// stream is one open realtime connection with the topics about jobs that it
// subscribed to.
type stream struct {
	client *client
	auth   *core.Record
	topics map[string]subscriptions.SubscriptionOptions
}

// attach takes over a client's subscriptions to jobs, in place of those it had
// before. None detaches it.
func (f *feed) attach(c *client, auth *core.Record, topics map[string]subscriptions.SubscriptionOptions) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(c)
	if len(topics) == 0 || f.closed || c.IsDiscarded() {
		return // discarded: the connection ended while the request was on its way
	}
	key := auth.Id
	if auth.IsSuperuser() {
		key = everyone
	}
	if f.streams[key] == nil {
		f.streams[key] = map[string]*stream{}
	}
	f.streams[key][c.Id()] = &stream{client: c, auth: auth, topics: topics}
	c.Set(streamKey, key)
	// PocketBase does the same once it has taken the subscription.
	c.Set(apis.RealtimeClientAuthKey, auth)
}

// authorized reports whether the client still is who he was. PocketBase takes
// a client's auth away when its record is deleted or its tokens are revoked.
func (s *stream) authorized() bool {
	auth, _ := s.client.Get(apis.RealtimeClientAuthKey).(*core.Record)
	return auth != nil && auth.Id == s.auth.Id && auth.Collection().Id == s.auth.Collection().Id
}

// streamKey is where a client remembers under which key its stream stands.
const streamKey = "versoStream"

// detach forgets a client whose connection has ended.
func (f *feed) detach(client subscriptions.Client) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(client)
}

func (f *feed) remove(client subscriptions.Client) {
	key, _ := client.Get(streamKey).(string)
	if key == "" {
		return
	}
	client.Unset(streamKey)
	delete(f.streams[key], client.Id())
	if len(f.streams[key]) == 0 {
		delete(f.streams, key)
	}
}

// jobTopics divides a client's subscriptions into those about jobs, with their
// options, and the others.
func jobTopics(jobs *core.Collection, all []string) (own map[string]subscriptions.SubscriptionOptions, others []string) {
	parse := subscriptions.NewDefaultClient()
	for _, topic := range all {
		name, _, _ := strings.Cut(topic, "?")
		collection, _, _ := strings.Cut(name, "/")
		if collection == jobs.Name || collection == jobs.Id {
			parse.Subscribe(topic)
		} else {
			others = append(others, topic)
		}
	}
	return parse.Subscriptions(), others
}

// topicsOf returns the stream's topics that a job belongs to.
func (s *stream) topicsOf(job *core.Record) map[string]subscriptions.SubscriptionOptions {
	matching := map[string]subscriptions.SubscriptionOptions{}
	for topic, options := range s.topics {
		name, _, _ := strings.Cut(topic, "?")
		_, id, _ := strings.Cut(name, "/")
		if id == job.Id || id == "*" || id == "" {
			matching[topic] = options
		}
	}
	return matching
}

// adapt applies a subscription's options to a message: a filter that the
// record must pass, and the fields to send. False means that the record is not
// for this subscription.
func (f *feed) adapt(record *core.Record, action string, plain []byte, options subscriptions.SubscriptionOptions) ([]byte, bool) {
	if filter := options.Query[filterOption]; filter != "" && action != "delete" && !f.passes(record, filter) {
		return nil, false
	}
	fields := options.Query["fields"]
	if fields == "" {
		return plain, true
	}
	picked, err := picker.Pick(record, fields)
	if err != nil {
		return plain, true
	}
	data, err := json.Marshal(message{Action: action, Record: picked})
	if err != nil {
		f.app.Logger().Error("job could not be encoded for realtime", "job", record.Id, "error", err)
		return nil, false
	}
	return data, true
}

// filterOption is the subscription option that holds a filter.
const filterOption = "filter"

// passes reports whether a job passes a filter. A filter sees the job's own
// visible fields and nothing else: one that could reach further would tell,
// by its yes or no, what stands in other people's rows.
func (f *feed) passes(record *core.Record, filter string) bool {
	var visible []string
	for _, field := range record.Collection().Fields {
		if !field.GetHidden() {
			visible = append(visible, field.GetName())
		}
	}
	condition, err := search.FilterData(filter).BuildExpr(search.NewSimpleFieldResolver(visible...))
	if err != nil {
		return false
	}
	var found int
	err = f.app.ConcurrentDB().Select("(1)").From(records.CollectionJobs).
		Where(dbx.HashExp{"id": record.Id}).AndWhere(condition).Limit(1).Row(&found)
	return err == nil && found == 1
}
