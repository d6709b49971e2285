package notices

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
)

// preferences is the collection of who wants mails; who is not in it does.
type preferences struct{ app core.App }

// wantsMail reports whether a person wants mails.
func (s *preferences) wantsMail(ctx context.Context, userID string) (bool, error) {
	var off bool
	err := s.app.ConcurrentDB().NewQuery(`SELECT mail_off FROM notice_preferences WHERE owner = {:owner}`).
		Bind(dbx.Params{"owner": userID}).WithContext(ctx).Row(&off)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("read preference: %w", err)
	}
	return !off, nil
}

// setMail writes whether a person wants mails. Of one who is not here any more
// nothing is written.
func (s *preferences) setMail(ctx context.Context, userID string, wanted bool) error {
	_, err := s.app.DB().NewQuery(`
		INSERT INTO notice_preferences (owner, mail_off) SELECT id, {:off} FROM users WHERE id = {:owner}
		ON CONFLICT (owner) DO UPDATE SET mail_off = excluded.mail_off`).
		Bind(dbx.Params{"owner": userID, "off": !wanted}).WithContext(ctx).Execute()
	if err != nil {
		return fmt.Errorf("write preference: %w", err)
	}
	return nil
}

// preferenceView is the answer of the routes below; of it, a change takes Mail.
type preferenceView struct {
	Mail *bool `json:"mail"`
	// Offered says whether any mail would be sent: the settings name a server and a
	// sender, and the person has an address.
	Offered bool `json:"offered"`
}

// viewPreference answers GET /api/v1/notices.
func (p *plugin) viewPreference(e *core.RequestEvent) error {
	if e.Auth.IsSuperuser() {
		return e.ForbiddenError("A superuser has no translations of his own, and is sent no mails about them.", nil)
	}
	wanted, err := p.preferences.wantsMail(e.Request.Context(), e.Auth.Id)
	if err != nil {
		return e.InternalServerError("", err)
	}
	settings, err := p.mailSettings()
	if err != nil {
		return e.InternalServerError("", err)
	}
	offered := settings.areComplete() && records.NewUser(e.Auth).ClerkEmail() != ""
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, preferenceView{&wanted, offered})
}

// changePreference answers PATCH /api/v1/notices.
func (p *plugin) changePreference(e *core.RequestEvent) error {
	if e.Auth.IsSuperuser() {
		return e.ForbiddenError("A superuser has no translations of his own, and is sent no mails about them.", nil)
	}
	var change preferenceView
	if err := e.BindBody(&change); err != nil || change.Mail == nil {
		return e.BadRequestError(`Send {"mail": true} or {"mail": false}.`, err)
	}
	if err := p.preferences.setMail(context.WithoutCancel(e.Request.Context()), e.Auth.Id, *change.Mail); err != nil {
		return e.InternalServerError("", err)
	}
	return p.viewPreference(e)
}
