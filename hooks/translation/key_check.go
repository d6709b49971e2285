package translation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/refusal"
	"verso/hooks/requestid"
	"verso/hooks/translation/engine"
)

const (
	// checkWait bounds the question to an engine whether it takes a key and model.
	// An engine that does not answer is no reason to refuse an upload.
	checkWait = 10 * time.Second
	// maxKeys is how many different API keys that no engine takes one person may ask
	// about in keyWindow: more mistakes than anybody makes, and too few to find out
	// which of many that are not his are good.
	maxKeys   = 10
	keyWindow = time.Minute
	// ownKeyMemory is how long it is remembered that the engine takes the server's
	// own key for a model, which every quote without a key would ask again.
	ownKeyMemory = 5 * time.Minute
	// maxTriers is how many people's keys are remembered before those are looked for
	// that can be forgotten.
	maxTriers = 1000
)

// keyChecks remembers which API keys people have asked about, and that the server's
// own was taken.
type keyChecks struct {
	now func() time.Time

	mu    sync.Mutex
	tried map[string]map[string]time.Time // by user, then by the key's digest: when first
	taken map[laneID]time.Time            // with the server's own key
}

func newKeyChecks(now func() time.Time) *keyChecks {
	return &keyChecks{now: now, tried: map[string]map[string]time.Time{}, taken: map[laneID]time.Time{}}
}

// errTooManyKeys says that somebody has tried as many keys as allowed.
type errTooManyKeys struct{ wait time.Duration }

func (e errTooManyKeys) Error() string { return "too many different API keys were tried" }

// admit counts a key among those of a user, unless it is there already.
func (k *keyChecks) admit(userID, digest string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	if len(k.tried) >= maxTriers {
		for user := range k.tried {
			k.forget(user, now)
		}
	}
	k.forget(userID, now)
	keys := k.tried[userID]
	if _, again := keys[digest]; again {
		return nil
	}
	if len(keys) >= maxKeys {
		oldest := now
		for _, first := range keys {
			if first.Before(oldest) {
				oldest = first
			}
		}
		return errTooManyKeys{oldest.Add(keyWindow).Sub(now)}
	}
	if keys == nil {
		keys = map[string]time.Time{}
		k.tried[userID] = keys
	}
	keys[digest] = now
	return nil
}

// forgive takes a key out of those of a user that was taken by the engine.
func (k *keyChecks) forgive(userID, digest string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.tried[userID], digest)
}

// forget drops a user's keys that were tried long ago. The caller holds mu.
func (k *keyChecks) forget(userID string, now time.Time) {
	keys := k.tried[userID]
	for digest, first := range keys {
		if now.Sub(first) >= keyWindow {
			delete(keys, digest)
		}
	}
	if len(keys) == 0 {
		delete(k.tried, userID)
	}
}

// wasTaken reports whether the server's own key was taken a short while ago.
func (k *keyChecks) wasTaken(id laneID) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	at, found := k.taken[id]
	return found && k.now().Sub(at) < ownKeyMemory
}

// take notes that the server's own key was taken.
func (k *keyChecks) take(id laneID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.taken[id] = k.now()
}

// errBusyLane says that a key has been asked with as often as it may be.
var errBusyLane = errors.New("the limit of requests with this key is reached")

// checkEngine asks an engine whether it takes a model and a key, within the limits
// of what may be asked with that key and of how many keys somebody may try.
func (p *plugin) checkEngine(ctx context.Context, userID, name, model, apiKey string) error {
	id, err := p.admitKey(userID, name, model, apiKey)
	if err != nil {
		return err
	}
	if apiKey == "" && p.keys.wasTaken(id) {
		return nil
	}
	done, ok := p.runner.count(id)
	if !ok {
		return errBusyLane
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, checkWait)
	defer cancel()
	if err := p.engines[name].Check(ctx, model, apiKey); err != nil {
		return err
	}
	if apiKey == "" {
		p.keys.take(id)
	} else {
		p.keys.forgive(userID, id.key)
	}
	return nil
}

// admitKey returns the lane of a key, unless somebody has tried too many.
func (p *plugin) admitKey(userID, name, model, apiKey string) (laneID, error) {
	id := laneID{engine: name, model: model}
	if apiKey == "" {
		return id, nil
	}
	id.key = p.sealer.digest(apiKey)
	return id, p.keys.admit(userID, id.key)
}

// count counts a request that is no task's in its lane, if that is open. The caller
// says when it has ended.
func (r *runner) count(id laneID) (done func(), ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	lane, now := r.lanes.of(id), r.now()
	if at, ok := lane.Opens(now, 0); !ok || at.After(now) {
		return nil, false
	}
	ticket := lane.Begin(now, 0)
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		lane.Dropped(r.now(), ticket)
	}, true
}

// mustTake asks an engine whether it takes a model and a key. An engine that
// does not answer is no reason to refuse.
func (p *plugin) mustTake(e *core.RequestEvent, name, model, apiKey string) error {
	err := p.checkEngine(e.Request.Context(), e.Auth.Id, name, model, apiKey)
	var many errTooManyKeys
	switch {
	case err == nil:
	case errors.As(err, &many):
		return tooManyKeys(e, err)
	case engine.KindOf(err).Refused():
		return keyRefused(err)
	default:
		requestid.Logger(e.Request.Context(), p.app.Logger()).Warn("engine could not be asked about a key and model", "engine", name, "error", err)
	}
	return nil
}

func keyRefused(cause error) error {
	return refusal.New(http.StatusBadRequest, refusal.KeyRefused, "Invalid API Key or unsupported model.", cause)
}

func tooManyKeys(e *core.RequestEvent, err error) error {
	var many errTooManyKeys
	errors.As(err, &many)
	return comeBackFor(e, refusal.RateLimited, http.StatusTooManyRequests, int(many.wait/time.Second)+1, fmt.Sprintf(
		"You have tried %d API keys within a minute that were not taken. Wait, then try again.", maxKeys))
}
