package ops

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// prepare does what a first start needs.
func (p *plugin) prepare(e *core.ServeEvent) error {
	// PocketBase's installer opens a browser and prints a superuser's token,
	// which has no place on a server's terminal or in its log.
	e.InstallerFunc = nil
	if err := p.createSuperuser(); err != nil {
		return err
	}
	return p.trustProxy()
}

func (p *plugin) createSuperuser() error {
	if p.config.SuperuserEmail == "" {
		return nil
	}
	existing, err := p.app.CountRecords(core.CollectionNameSuperusers,
		dbx.Not(dbx.HashExp{"email": core.DefaultInstallerEmail}))
	if err != nil {
		return fmt.Errorf("count superusers: %w", err)
	}
	if existing > 0 {
		return nil
	}
	superusers, err := p.app.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return fmt.Errorf("find superusers collection: %w", err)
	}
	record := core.NewRecord(superusers)
	record.SetEmail(p.config.SuperuserEmail)
	record.SetPassword(p.config.SuperuserPassword)
	if err := p.app.Save(record); err != nil {
		var invalid validation.Errors
		if errors.As(err, &invalid) {
			return superuserRefused(invalid)
		}
		return fmt.Errorf("create first superuser: %w", err)
	}
	p.app.Logger().Info("first superuser created")
	return nil
}

// superuserRefused says which variables the first superuser cannot be made of, a line
// each, and why.
func superuserRefused(invalid validation.Errors) error {
	var lines []string
	for field, variable := range map[string]string{core.FieldNameEmail: "VERSO_SUPERUSER_EMAIL", core.FieldNamePassword: "VERSO_SUPERUSER_PASSWORD"} {
		if err := invalid[field]; err != nil {
			lines = append(lines, fmt.Sprintf("%s: cannot be the first superuser's: %v", variable, err))
		}
	}
	if len(lines) == 0 {
		return fmt.Errorf("VERSO_SUPERUSER_EMAIL: the first superuser cannot be created: %w", invalid)
	}
	slices.Sort(lines)
	return errors.New(strings.Join(lines, "\n"))
}

func (p *plugin) trustProxy() error {
	settings := p.app.Settings()
	if len(p.config.TrustedProxyHeaders) == 0 || len(settings.TrustedProxy.Headers) > 0 {
		return nil
	}
	settings.TrustedProxy.Headers = types.JSONArray[string](p.config.TrustedProxyHeaders)
	if err := p.app.Save(settings); err != nil {
		return fmt.Errorf("save trusted proxy headers: %w", err)
	}
	return nil
}
