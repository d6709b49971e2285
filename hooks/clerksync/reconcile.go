package clerksync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/user"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

const (
	// requestsPerSecond leaves room for everything else below Clerk's limit of a
	// development instance, 100 requests in 10 s; production has ten times that.
	requestsPerSecond = 8
	// pageSize is the most users that Clerk lists at once, and idsAtOnce the most
	// that it can be asked for by their ids.
	pageSize, idsAtOnce = 500, 100
	// attempts is how often a question to Clerk is put that fails, and
	// firstAttemptPause the pause before the second time; it doubles.
	attempts          = 4
	firstAttemptPause = time.Second
	// longestAsked bounds how long Clerk may ask to be left alone.
	longestAsked = 5 * time.Minute
)

// Change is a difference between Clerk and the database.
type Change struct {
	// Kind is "created", "updated" or "removed".
	Kind string
	// ClerkUserID is whom it is about.
	ClerkUserID string
}

// ReconcileOptions say how users are compared.
type ReconcileOptions struct {
	// DryRun reports what would change and changes nothing.
	DryRun bool
	// Report is told each change, when it is made. Default: nobody is.
	Report func(Change)
}

var (
	// ErrReconciling says that users are being compared already.
	ErrReconciling = errors.New("users are being compared with Clerk's already")
	// ErrNoBackend says that there is no secret key to ask Clerk with.
	ErrNoBackend = errors.New("there is no secret key to ask Clerk's Backend API with")
	// ErrStrangers says that Clerk knows none of the users.
	ErrStrangers = errors.New("none of the users that are here is known to Clerk, so the secret key is probably another application's; nobody was removed")
)

// Reconcile makes the users what Clerk says they are: it creates and updates those
// whom Clerk lists, and removes those whom Clerk does not know any more. It asks
// no faster than Clerk allows. What was interrupted goes on where it stopped when
// it is called again within a day.
func (s *Sync) Reconcile(ctx context.Context, options ReconcileOptions) error {
	if s.backend == nil {
		return ErrNoBackend
	}
	if !s.reconciling.TryLock() {
		return ErrReconciling
	}
	defer s.reconciling.Unlock()
	if options.Report == nil {
		options.Report = func(Change) {}
	}
	here, err := s.app.CountRecords(records.CollectionUsers)
	if err != nil {
		return fmt.Errorf("count users: %w", err)
	}
	run := &reconciliation{sync: s, options: options, at: progress{Phase: listing, Acquainted: here == 0}}
	if !options.DryRun {
		if err := run.resume(ctx); err != nil {
			return err
		}
	}
	if run.at.Phase == listing {
		if err := run.list(ctx); err != nil {
			return fmt.Errorf("compare with Clerk's list of users: %w", err)
		}
	}
	if err := run.removeGone(ctx); err != nil {
		return fmt.Errorf("look for users who are gone: %w", err)
	}
	return run.finish(ctx)
}

// reconciliation is one comparison under way.
type reconciliation struct {
	sync    *Sync
	options ReconcileOptions
	at      progress
}

// list walks through all users of Clerk's, oldest first, so that those who come
// meanwhile are at its end.
func (r *reconciliation) list(ctx context.Context) error {
	for {
		order := "+created_at"
		params := &user.ListParams{OrderBy: &order}
		params.Limit, params.Offset = clerk.Int64(pageSize), clerk.Int64(int64(r.at.Done))
		page, err := r.sync.ask(ctx, params)
		if err != nil {
			return err
		}
		for _, listed := range page {
			if err := r.compare(ctx, listed); err != nil {
				return err
			}
		}
		r.at.Done += len(page)
		if len(page) < pageSize {
			r.at.Phase, r.at.Done = removing, 0
			return r.save(ctx)
		}
		if err := r.save(ctx); err != nil {
			return err
		}
	}
}

// compare brings one user up to date.
func (r *reconciliation) compare(ctx context.Context, listed *clerk.User) error {
	if listed == nil || !isUserID(listed.ID) {
		return nil
	}
	app := r.sync.app
	existing, err := findUser(ctx, app, listed.ID)
	if err != nil {
		return err
	}
	profile := ProfileOf(listed)
	change := Change{Kind: "created", ClerkUserID: listed.ID}
	if existing != nil {
		r.at.Acquainted = true
		change.Kind = "updated"
		// Of the same time it may still be another: somebody edited it here.
		if at := updatedAt(existing); profile.UpdatedAt < at || profile.UpdatedAt == at && profile.isIn(existing) {
			return nil
		}
	} else if buried, err := isDeleted(ctx, app, listed.ID); err != nil || buried || listed.Banned {
		return err
	}
	if r.options.DryRun {
		r.options.Report(change)
		return nil
	}
	var result outcome
	err = app.RunInTransaction(func(tx core.App) (err error) {
		result, err = changeUser(ctx, tx, listed)
		return err
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", listed.ID, err)
	}
	if result == applied {
		r.options.Report(change)
	}
	return nil
}

// removeGone asks Clerk about all users that are here, and removes those whom it
// does not know.
func (r *reconciliation) removeGone(ctx context.Context) error {
	for {
		var ids []string
		err := r.sync.app.DB().Select("clerk_user_id").From(records.CollectionUsers).
			Where(dbx.NewExp("clerk_user_id > {:after}", dbx.Params{"after": r.at.After})).
			OrderBy("clerk_user_id").Limit(idsAtOnce).WithContext(ctx).Column(&ids)
		if err != nil {
			return fmt.Errorf("list users: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		if !r.at.Acquainted {
			return ErrStrangers
		}
		params := &user.ListParams{UserIDs: ids}
		params.Limit = clerk.Int64(idsAtOnce)
		found, err := r.sync.ask(ctx, params)
		if err != nil {
			return err
		}
		there := map[string]bool{}
		for _, each := range found {
			if each != nil {
				there[each.ID] = true
			}
		}
		for _, id := range ids {
			if !there[id] {
				if err := r.removeIfGone(ctx, id); err != nil {
					return err
				}
			}
		}
		r.at.After = ids[len(ids)-1]
		if err := r.save(ctx); err != nil {
			return err
		}
	}
}

// removeIfGone removes a user if Clerk says in so many words that there is none of
// the id: a list that lacks somebody may be wrong.
func (r *reconciliation) removeIfGone(ctx context.Context, id string) error {
	err := r.sync.retried(ctx, func() error {
		client := user.Client{Backend: r.sync.backend}
		_, err := client.Get(ctx, id)
		return err
	})
	switch {
	case err == nil:
		return nil
	case !isNotFound(err):
		return err
	}
	if !r.options.DryRun {
		err := r.sync.app.RunInTransaction(func(tx core.App) error {
			if err := takeWriteLock(ctx, tx); err != nil {
				return err
			}
			return remove(ctx, tx, id)
		})
		if err != nil {
			return fmt.Errorf("remove %s: %w", id, err)
		}
	}
	r.options.Report(Change{Kind: "removed", ClerkUserID: id})
	return nil
}

// userList is a list of users as Clerk's Backend API answers it.
type userList struct {
	clerk.APIResource
	users []*clerk.User
}

// UnmarshalJSON reads the bare array.
func (l *userList) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &l.users) }

// ask lists users. The SDK's own List asks for their number as well, which is a
// second request each time.
func (s *Sync) ask(ctx context.Context, params *user.ListParams) ([]*clerk.User, error) {
	var answer userList
	err := s.retried(ctx, func() error {
		answer = userList{}
		request := clerk.NewAPIRequest(http.MethodGet, "/users")
		request.SetParams(params)
		return s.backend.Call(ctx, request, &answer)
	})
	return answer.users, err
}

// retried puts a question to Clerk at the pace that is allowed, and again while
// Clerk is busy or away.
func (s *Sync) retried(ctx context.Context, question func() error) error {
	pause := firstAttemptPause
	for attempt := 1; ; attempt++ {
		if err := s.pace.Wait(ctx); err != nil {
			return err
		}
		err := question()
		wait, again := retryAfter(err)
		if err == nil || !again || attempt == attempts {
			return err
		}
		timer := time.NewTimer(max(wait, pause))
		pause *= 2
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// retryAfter reports whether a question that failed may be put again, and how long
// Clerk asks to be left alone.
func retryAfter(err error) (wait time.Duration, again bool) {
	var refused *clerk.APIErrorResponse
	if !errors.As(err, &refused) || refused.Response == nil {
		return 0, err != nil // a network, or somebody in between
	}
	status := refused.Response.StatusCode
	if seconds, err := strconv.Atoi(refused.Response.Header.Get("Retry-After")); err == nil && seconds > 0 {
		wait = min(time.Duration(seconds)*time.Second, longestAsked)
	}
	return wait, status == http.StatusTooManyRequests || status >= 500
}
