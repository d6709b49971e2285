package standin

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
)

// keys knows which API keys are good.
type keys struct {
	sync.Mutex
	accepted []string // nil: any
	spoiled  map[string]Fault
}

// RevokeKey makes a key one that Google does not know, from now on.
func (g *Gemini) RevokeKey(key string) { g.SpoilKey(key, WrongKey) }

// SpoilKey makes a key answer with one of the faults of keys from now on:
// [WrongKey], [ExpiredKey], [LeakedKey], [SuspendedKey] or [BlockedKey]. "" is
// no fault and makes it good again. It panics on any other fault.
func (g *Gemini) SpoilKey(key string, fault Fault) {
	if fault != "" && refusedKey(fault, key) == nil {
		panic(fmt.Sprintf("standin: %q is no fault of a key", fault))
	}
	g.keys.spoil(key, fault)
}

func (k *keys) spoil(key string, fault Fault) {
	k.Lock()
	defer k.Unlock()
	if k.spoiled == nil {
		k.spoiled = map[string]Fault{}
	}
	k.spoiled[key] = fault
	maps.DeleteFunc(k.spoiled, func(_ string, fault Fault) bool { return fault == "" })
}

// refuse returns why a key is not taken, or nil.
func (k *keys) refuse(key string) *failure {
	if key == "" {
		return &failure{
			Code: http.StatusForbidden,
			Message: "Method doesn't allow unregistered callers (callers without established identity). " +
				"Please use API Key or other form of API consumer identity to call this API.",
			Status: "PERMISSION_DENIED",
		}
	}
	k.Lock()
	defer k.Unlock()
	if fault, ok := k.spoiled[key]; ok {
		return refusedKey(fault, key)
	}
	if k.accepted != nil && !slices.Contains(k.accepted, key) {
		return refusedKey(WrongKey, key)
	}
	return nil
}

// refusedKey returns Google's words for a key that is not taken, or nil where
// the fault is none of a key.
func refusedKey(fault Fault, key string) *failure {
	project := map[string]string{"consumer": "projects/123456789012"}
	denied := func(message, reason string) *failure {
		refusal := &failure{Code: http.StatusForbidden, Message: message, Status: "PERMISSION_DENIED"}
		if reason != "" {
			refusal.Details = []map[string]any{errorInfo(reason, project), localized(message)}
		}
		return refusal
	}
	invalid := func(message string) *failure {
		refusal := invalidArgument("%s", message)
		refusal.Details = []map[string]any{errorInfo("API_KEY_INVALID", map[string]string{}), localized(message)}
		return refusal
	}
	switch fault {
	case WrongKey:
		return invalid("API key not valid. Please pass a valid API key.")
	case ExpiredKey:
		return invalid("API key expired. Please renew the API key.")
	case LeakedKey:
		return denied("Your API key was reported as leaked. Please use another API key.", "")
	case SuspendedKey:
		// Google puts the key itself into this answer, twice and more.
		project["containerInfo"] = "api_key:" + key
		return denied(fmt.Sprintf("Permission denied: Consumer 'api_key:%s' has been suspended.", key), "CONSUMER_SUSPENDED")
	case BlockedKey:
		const method = "google.ai.generativelanguage.v1beta.GenerativeService.GenerateContent"
		project["apiName"], project["methodName"] = service, method
		return denied(fmt.Sprintf("Requests to this API %s method %s are blocked.", service, method), "API_KEY_SERVICE_BLOCKED")
	}
	return nil
}
