package translation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"verso/hooks/records"
	"verso/hooks/refusal"
)

// download answers GET /download/{id} with the translated file. Beside the
// usual token it takes PocketBase's short-lived file token as ?token=, so that
// a plain link can be followed.
func (p *plugin) download(e *core.RequestEvent) error {
	asker := e.Auth
	if token := e.Request.URL.Query().Get("token"); asker == nil && token != "" {
		asker, _ = p.app.FindAuthRecordByToken(token, core.TokenTypeFile) // a wrong token is no token
	}
	if asker == nil {
		return p.config.RequireUser.Func(e)
	}
	job, err := p.requestedJob(e, asker)
	if err != nil {
		return err
	}
	form := e.Request.URL.Query().Get("bilingual")
	if form != "" && form != bilingualBelow {
		return e.BadRequestError(fmt.Sprintf("The parameter \"bilingual\" takes %q, which sets the source below each translation; leave it out for the translation alone.", bilingualBelow), nil)
	}
	if hasExpired(job) {
		return gone()
	}
	format, ok := p.documents.formatOf(job)
	if !ok {
		return e.InternalServerError("", fmt.Errorf("job %s has a source of unknown format %q", job.Id, job.SourceFile()))
	}

	content, done, err := p.downloadable(e, asker, job, form == bilingualBelow)
	if err != nil {
		return err
	}
	defer done()

	header := e.Response.Header()
	header.Set("Content-Type", format.MediaType())
	header.Set("Content-Disposition", disposition(job.Filename(), "."+format.Name()))
	header.Set("Cache-Control", "private, no-store")
	// A document from a stranger must not act in this origin.
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	kept := job.Status() == records.StatusCompleted && form == ""
	if kept {
		// What ranges are held against. Corrections make it another file.
		header.Set("ETag", fmt.Sprintf(`"%s-%d"`, job.Id, job.OutputRevision()))
	}
	response := &movingResponse{ResponseWriter: e.Response, connection: http.NewResponseController(e.Response), whole: !kept}
	http.ServeContent(response, e.Request, "", time.Time{}, content)
	if response.noSuchPart {
		return e.Error(http.StatusRequestedRangeNotSatisfiable, "The file has no such part. Ask for it without a range.", nil)
	}
	return nil
}

// maxSending bounds the files that were built for one download and are being sent, each of
// which takes room on the disk until then; maxUserSending those of one user. The rest of
// the first wait, the rest of the second are told to.
const maxSending, maxUserSending = 256, 4

// bilingualBelow asks for each block's source under its translation (contract,
// routes).
const bilingualBelow = "below"

// downloadable returns what there is to download: the output of a completed
// job, or what is built now of the same segments: a bilingual form and, if asked
// for, what there is of an unfinished job. The caller calls done.
func (p *plugin) downloadable(e *core.RequestEvent, asker *core.Record, job *records.Job, bilingual bool) (content io.ReadSeeker, done func(), err error) {
	ctx := e.Request.Context()
	completed := job.Status() == records.StatusCompleted
	if completed && !bilingual {
		current, err := p.refresh(ctx, job)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, nil, e.NotFoundError("There is no such job.", err)
		}
		if isStale(err) {
			return nil, nil, refusal.New(http.StatusConflict, refusal.MovedOn, "The translation is being changed at this moment. Ask for it again.", nil)
		}
		if errors.Is(err, errShutdown) {
			return nil, nil, comeBack(e, http.StatusServiceUnavailable, 5, "The service is being restarted. Ask for the file again in a moment.")
		}
		if err != nil {
			return nil, nil, e.InternalServerError("The corrected file could not be written.", err)
		}
		*job = *current
		content, done, err = p.files.openForReading(ctx, job.OutputKey())
		if err != nil {
			return nil, nil, e.InternalServerError("The translated file could not be read.", err)
		}
		return content, done, nil
	}
	if !completed && e.Request.URL.Query().Get("partial") != "1" {
		return nil, nil, refusal.New(http.StatusConflict, refusal.MovedOn, fmt.Sprintf(
			"The translation is not complete (%s, %d%%). Ask for ?partial=1 to get what there is.", job.Status(), job.Progress()), nil)
	}
	// The next request may see more than this one, or another correction, so parts
	// of the two would not fit together.
	e.Request.Header.Del("Range")
	return p.putTogether(e, asker, job, bilingual)
}

// putTogether builds what there is of a job's translation for one download. The place to
// build is given up before anything is sent: it is everybody's, and some read slowly.
func (p *plugin) putTogether(e *core.RequestEvent, asker *core.Record, job *records.Job, bilingual bool) (content io.ReadSeeker, done func(), err error) {
	ctx := e.Request.Context()
	sent, err := p.sending.enter(ctx, asker.Id)
	if errors.Is(err, errBusy) {
		return nil, nil, comeBack(e, http.StatusTooManyRequests, 5, "Several documents are being sent to you already. Wait for one of them.")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("wait to send what was built: %w", err)
	}
	defer func() {
		if done == nil { // also where the building panics
			sent()
		}
	}()
	leave, err := p.partial.enter(ctx, asker.Id)
	if errors.Is(err, errBusy) {
		return nil, nil, comeBack(e, http.StatusTooManyRequests, 5, "A document is being put together for you already. Wait for it.")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("wait for a place to build: %w", err)
	}
	defer leave()
	file, err := p.buildNow(ctx, job, bilingual)
	if err != nil {
		return nil, nil, e.InternalServerError("The document could not be put together.", err)
	}
	return file, func() {
		file.Close() // unlinked, so nothing can be lost
		sent()
	}, nil
}

// buildNow builds what there is of a job's translation into a file without a name.
func (p *plugin) buildNow(ctx context.Context, job *records.Job, bilingual bool) (*os.File, error) {
	order, err := p.documents.order(ctx, job.Id)
	if err != nil {
		return nil, err
	}
	file, err := p.files.temporary()
	if err != nil {
		return nil, err
	}
	if _, err := p.documents.build(ctx, order, file, bilingual); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// movingResponse moves the deadline on with every write, so that a slow
// download passes as long as it moves.
type movingResponse struct {
	http.ResponseWriter
	connection *http.ResponseController
	whole      bool // the file is there for this answer only, and has no parts to ask for
	noSuchPart bool // a range was refused, which is ours to answer
}

// WriteHeader holds back the refusal of a range, which net/http would answer as a
// plain text and not in the form of all errors.
func (m *movingResponse) WriteHeader(status int) {
	if m.whole {
		m.Header().Set("Accept-Ranges", "none")
	}
	if m.noSuchPart = status == http.StatusRequestedRangeNotSatisfiable; !m.noSuchPart {
		m.ResponseWriter.WriteHeader(status)
	}
}

// Write extends the deadline and writes.
func (m *movingResponse) Write(p []byte) (int, error) {
	if m.noSuchPart {
		return len(p), nil
	}
	// Not every connection has deadlines, and one that is broken says so when
	// it is written to.
	_ = m.connection.SetWriteDeadline(time.Now().Add(stallTimeout))
	return m.ResponseWriter.Write(p)
}

// disposition returns the header that names the downloaded file
// "<base>_translated.<ext>": plainly for old clients and exactly, by RFC 6266,
// for all others.
func disposition(filename, defaultExtension string) string {
	extension := path.Ext(filename)
	if extension == "" {
		extension = defaultExtension
	}
	name := strings.TrimSuffix(filename, path.Ext(filename)) + "_translated" + extension
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, escapeParameter(name))
}

// escapeParameter percent-encodes everything that RFC 8187 does not let stand.
func escapeParameter(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "'", "%27", "(", "%28", ")", "%29").Replace(url.QueryEscape(s))
}
