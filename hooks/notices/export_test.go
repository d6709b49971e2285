package notices

import (
	"context"

	"verso/hooks/records"
)

// Look sends what is due, as the worker does, and returns when nothing is.
func (n *Notices) Look(ctx context.Context) error { return n.plugin.look(ctx) }

// Begin starts the worker of an app that serves without one.
func (n *Notices) Begin() { n.plugin.begin() }

// Token returns the token of a person's links.
func (n *Notices) Token(userID string) string { return n.plugin.links.token(userID) }

// EventOf is the rule by which a job's state is an event.
func EventOf(status records.Status, reason records.PauseReason, resumesAt string) string {
	return eventOf(status, reason, resumesAt)
}

// Judge tells whether an attempt is to be made again.
func Judge(err error) (again bool) { return judge(err).again }

// Bounds and names that tests hold on to.
const (
	TriggerName = triggerName
	MaxDaily    = maxDaily
	MaxTries    = maxTries
	MaxFilename = maxFilename
	Lifetime    = lifetime
)
