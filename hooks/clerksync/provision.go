package clerksync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/user"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/routine"

	"verso/hooks/records"
)

// provisionTimeout bounds one creation, Clerk's answer included: as long as
// the SDK's own HTTP client waits, and well below what a person would.
const provisionTimeout = 5 * time.Second

// Provision returns the record of a user at his first request, and creates it
// where needed. However many requests ask for one user at the same time, Clerk
// is asked once; each caller gets a record of its own, and stops waiting when
// its own context ends.
//
// The error wraps [records.ErrUserUnknown] for a user whom Clerk does not
// know, whom Clerk reports as banned, or who was deleted; a banned user's last
// token may live a minute longer than his sessions. Any other error means that
// this could not be found out, and that another attempt may succeed.
func (s *Sync) Provision(ctx context.Context, clerkUserID string) (*core.Record, error) {
	if !isUserID(clerkUserID) {
		return nil, fmt.Errorf("provision %q: %w", clerkUserID, records.ErrUserUnknown)
	}

	// The work is for all who wait, so it must not end with the request that
	// happened to be first.
	shared := context.WithoutCancel(ctx)
	done := s.provisioning.DoChan(clerkUserID, func() (any, error) {
		ctx, cancel := context.WithTimeout(shared, provisionTimeout)
		defer cancel()
		// A hook that panics must not end the process: outside of a request
		// nobody recovers.
		return nil, routine.SafeWrap(func() error { return s.create(ctx, clerkUserID) })()
	})
	select {
	case result := <-done:
		if result.Err != nil {
			return nil, fmt.Errorf("provision %s: %w", clerkUserID, result.Err)
		}
	case <-ctx.Done():
		return nil, fmt.Errorf("provision %s: %w", clerkUserID, ctx.Err())
	}

	record, err := findUser(ctx, s.app, clerkUserID)
	if err != nil {
		return nil, fmt.Errorf("provision %s: %w", clerkUserID, err)
	}
	if record == nil { // deleted since
		return nil, fmt.Errorf("provision %s: %w", clerkUserID, records.ErrUserUnknown)
	}
	return record.ProxyRecord(), nil
}

// create asks Clerk about a user and writes what it says, unless the database
// knows better.
func (s *Sync) create(ctx context.Context, clerkUserID string) error {
	// A caller can come here after the creation that it missed has ended.
	existing, err := findUser(ctx, s.app, clerkUserID)
	if err != nil || existing != nil {
		return err
	}
	deleted, err := isDeleted(ctx, s.app, clerkUserID)
	if err != nil {
		return err
	}
	if deleted {
		return records.ErrUserUnknown
	}
	profile, err := s.fetchProfile(ctx, clerkUserID)
	if err != nil {
		return err
	}
	return s.Upsert(ctx, profile)
}

func (s *Sync) fetchProfile(ctx context.Context, clerkUserID string) (Profile, error) {
	if s.backend == nil {
		return Profile{ClerkUserID: clerkUserID}, nil
	}
	client := user.Client{Backend: s.backend}
	found, err := client.Get(ctx, clerkUserID)
	switch {
	case isNotFound(err):
		return Profile{}, fmt.Errorf("fetch user from Clerk: %w", records.ErrUserUnknown)
	case err != nil:
		return Profile{}, fmt.Errorf("fetch user from Clerk: %w", err)
	case found.ID != clerkUserID:
		return Profile{}, errors.New("fetch user from Clerk: the answer is about somebody else")
	case found.Banned:
		return Profile{}, fmt.Errorf("banned at Clerk: %w", records.ErrUserUnknown)
	}
	return ProfileOf(found), nil
}

// isNotFound reports whether Clerk itself said 404. The status comes from the
// response: the field HTTPStatusCode is overwritten by the body. Somebody
// else's 404, such as a proxy's page, is no [clerk.APIErrorResponse].
func isNotFound(err error) bool {
	var apiErr *clerk.APIErrorResponse
	return errors.As(err, &apiErr) && apiErr.Response != nil &&
		apiErr.Response.StatusCode == http.StatusNotFound
}

// isUserID keeps ids out of the request's path that would change it.
func isUserID(id string) bool {
	rest, ok := strings.CutPrefix(id, "user_")
	return ok && rest != "" && len(id) <= maxTextRunes && strings.IndexFunc(rest, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
	}) < 0
}
