package notices

// english returns the mails in English. Another language is a file like this one.
func english() (*language, error) {
	const subject = `{{if eq .Event "completed"}}Translated{{if .Issues}}, with {{.Issues}} passage{{if gt .Issues 1}}s{{end}} to look at{{end}}` +
		`{{else if eq .Event "failed"}}Could not be translated{{else}}Waiting for you{{end}}: {{.File}}`

	// What happened, and what to do. The same words in both parts of the mail.
	const (
		pair     = `{{if .Source}} from {{.Source}}{{end}}{{if .Target}} into {{.Target}}{{end}}`
		happened = `{{if eq .Event "completed"}}“{{.File}}” has been translated` + pair + `.` +
			`{{else if eq .Event "failed"}}“{{.File}}” could not be translated` + pair + `.` +
			`{{else}}The translation of “{{.File}}”` + pair + ` has stopped and waits for you.{{end}}`
		todo = `{{if eq .Event "completed"}}` +
			`{{if .Issues}}{{.Issues}} passage{{if gt .Issues 1}}s need{{else}} needs{{end}} a look: what could not be translated stands in the original language. ` +
			`Open the document to see why, try again, or write it yourself.{{else}}Open it to read or download the translation.{{end}}` +
			`{{else if eq .Event "failed"}}Open the document to try again.` +
			`{{else if eq .Reason "key"}}The API key was refused. Open the document and give another one.` +
			`{{else if eq .Reason "model"}}The model is not available to you. Open the document and choose another one.` +
			`{{else if eq .Reason "budget"}}The spending limit is reached. Open the document and raise it.` +
			`{{else if eq .Reason "review"}}Style and glossary are ready. Open the document, look them over, and let it go on.` +
			`{{else}}Open the document to see why.{{end}}` +
			`{{if eq .Event "paused"}} Nothing that was translated is lost.{{end}}`
		why = `You get one message when a document is finished, has failed, or waits for you.`
	)

	const text = happened + `
{{if and .Message (eq .Event "failed")}}
{{.Message}}
{{end}}
` + todo + `
{{.Link}}

--` + " " + `
` + why + `
Switch these messages off: {{.Off}}
`
	const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{.File}}</title></head>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 36em; margin: 0 auto; padding: 1em">
<p><strong>` + happened + `</strong></p>
{{if and .Message (eq .Event "failed")}}<p>{{.Message}}</p>
{{end}}<p>` + todo + `</p>
<p><a href="{{.Link}}">Open the document</a></p>
<p style="font-size: 13px; color: #666">` + why + `
<a href="{{.Off}}" style="color: #666">Switch these messages off</a></p>
</body></html>
`
	const page = pageHead + `
{{if .Invalid}}<h1>This link does not work</h1>
<p>It may have been cut off on its way. Take it from a message once more, whole.</p>
{{else if .Asks}}<h1>Switch messages off?</h1>
<p>` + why + ` You will get none of them any more.</p>
<form method="post" action="off?token={{.Token}}"><button>Switch off</button></form>
{{else if .Off}}<h1>Messages are off</h1>
<p>You will not be written to about your documents any more.</p>
<form method="post" action="on?token={{.Token}}"><button>Switch on again</button></form>
{{else}}<h1>Messages are on</h1>
<p>` + why + `</p>
<form method="post" action="off?token={{.Token}}"><button>Switch off</button></form>
{{end}}</main></body></html>
`
	return newLanguage(subject, text, html, page)
}
