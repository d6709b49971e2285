package clerksync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/pocketbase/pocketbase/core"
)

// event is what a delivery says.
type event struct {
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`

	user    clerk.User // of user.created and user.updated
	subject subject    // of the others
}

// subject is what an event about anything but a user's profile is about.
type subject struct {
	ID     string `json:"id"`
	UserID string `json:"user_id"`
}

// The types of events that have an effect.
const (
	userCreated    = "user.created"
	userUpdated    = "user.updated"
	userDeleted    = "user.deleted"
	sessionEnded   = "session.ended"
	sessionRemoved = "session.removed"
	sessionRevoked = "session.revoked"
)

// parseEvent reads a delivery's body. An event of a type without an effect is
// read no further than its type.
func parseEvent(body []byte) (*event, error) {
	parsed := &event{}
	if err := json.Unmarshal(body, parsed); err != nil {
		return nil, errors.New("the body is not an event") // the parser's error quotes it
	}
	if parsed.Type == "" || len(parsed.Type) > maxTextRunes {
		return nil, errors.New("the event has no type")
	}
	var err error
	switch parsed.Type {
	case userCreated, userUpdated:
		if err = json.Unmarshal(parsed.Data, &parsed.user); err == nil && !isUserID(parsed.user.ID) {
			err = errors.New("no user's id")
		}
	case userDeleted, sessionEnded, sessionRemoved, sessionRevoked:
		err = json.Unmarshal(parsed.Data, &parsed.subject)
	}
	if err != nil {
		return nil, fmt.Errorf("the data of the event %s cannot be read", parsed.Type)
	}
	parsed.Data = nil
	return parsed, nil
}

// userID returns Clerk's id of the user whom the event is about, or "".
func (e *event) userID() string {
	switch e.Type {
	case userCreated, userUpdated:
		return e.user.ID
	case userDeleted:
		return e.subject.ID
	}
	return e.subject.UserID
}

// outcome is what came of an event, in a word for operators.
type outcome string

const (
	applied outcome = "applied"
	// stale is news older than what is known.
	stale outcome = "stale"
	// gone is news about a user who was deleted.
	gone outcome = "user deleted"
	// ignored is an event that lacks what it takes.
	ignored outcome = "ignored"
	// unknown is an event of a type that has no effect here.
	unknown outcome = "unknown type"
)

// effect applies an event within the transaction of tx.
func effect(ctx context.Context, tx core.App, e *event) (outcome, error) {
	switch e.Type {
	case userCreated, userUpdated:
		return changeUser(ctx, tx, &e.user)
	case userDeleted:
		if !isUserID(e.subject.ID) {
			return ignored, nil // Clerk may leave the id out
		}
		return applied, remove(ctx, tx, e.subject.ID)
	case sessionEnded, sessionRemoved, sessionRevoked:
		if e.subject.ID == "" || len(e.subject.ID) > maxTextRunes {
			return ignored, nil
		}
		return applied, noteEnding(ctx, tx, e.subject.ID)
	}
	return unknown, nil
}

// changeUser writes a profile. A banned user is signed out everywhere.
func changeUser(ctx context.Context, tx core.App, user *clerk.User) (outcome, error) {
	result, err := upsert(ctx, tx, ProfileOf(user))
	if err != nil || result != applied || !user.Banned {
		return result, err
	}
	return result, noteEnding(ctx, tx, user.ID)
}
