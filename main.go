// Verso translates documents with language models for people who sign in with
// Clerk, in one binary with PocketBase inside.
//
// This file only puts the plugins together, in the order in which a request
// meets them. What each one does stands in its own package under hooks.
package main

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/cmd"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/plugins/migratecmd"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"verso/hooks/bounds"
	"verso/hooks/clerkauth"
	"verso/hooks/clerksync"
	"verso/hooks/commandline"
	"verso/hooks/datadir"
	"verso/hooks/demo"
	"verso/hooks/notices"
	"verso/hooks/ops"
	"verso/hooks/pgmirror"
	"verso/hooks/riverworkers"
	"verso/hooks/translation"
	"verso/hooks/translation/document"
	"verso/hooks/translation/document/docx"
	"verso/hooks/translation/document/epub"
	"verso/hooks/translation/document/html"
	"verso/hooks/translation/document/md"
	"verso/hooks/translation/document/srt"
	"verso/hooks/translation/document/txt"
	"verso/hooks/translation/document/vtt"
	"verso/hooks/translation/engine"
	"verso/hooks/translation/engine/gemini"
	"verso/hooks/translation/engine/pseudo"
	"verso/hooks/translation/pipeline"
	"verso/hooks/translation/translatecmd"
	"verso/hooks/web"
	_ "verso/migrations"
)

//go:embed all:pb_public
var public embed.FS

// maxUploadUnit is what VERSO_MAX_UPLOAD_MB counts in.
const maxUploadUnit = 1 << 20

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitCode(err))
	}
}

// exitCode returns the code that an error asks for, or 1.
func exitCode(err error) int {
	var coded interface{ ExitCode() int }
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return 1
}

// run composes the app for a command line and executes it.
func run(args []string) error {
	command := commandline.Name(args)
	if err := loadDotEnv(command); err != nil {
		return err
	}
	translateCommand, workerCommand := translatecmd.NewCommand(composeTranslate), riverworkers.NewCommand(composeWorker)
	if command == translateCommand.Name() || command == workerCommand.Name() {
		// Without PocketBase, which would make a data directory.
		root := &cobra.Command{Use: "verso", SilenceErrors: true}
		root.AddCommand(translateCommand, workerCommand)
		root.SetArgs(args)
		return root.Execute()
	}
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: dataDir(command), HideStartBanner: command == "demo"})
	app.OnBootstrap().BindFunc(func(e *core.BootstrapEvent) error {
		if err := datadir.Make(e.App.DataDir()); err != nil {
			return err
		}
		return e.Next()
	})
	serve := cmd.NewServeCommand(app, true)
	demoCommand := demo.NewCommand(app)
	var users *clerksync.Sync // of the command that runs, if it has any
	usersCommand := clerksync.NewCommand(app, func() *clerksync.Sync { return users })
	var mirror *pgmirror.Mirror // of "mirror" alone
	mirrorCommand := pgmirror.NewCommand(app, func() *pgmirror.Mirror { return mirror })
	app.RootCmd.AddCommand(serve, demoCommand, translateCommand, workerCommand, usersCommand, mirrorCommand, cmd.NewSuperuserCommand(app))
	migratecmd.MustRegister(app, app.RootCmd, migratecmd.Config{})

	var err error
	switch asksForHelp := slices.Contains(args, "--help") || slices.Contains(args, "-h"); {
	case asksForHelp:
	case command == serve.Name(), command == usersCommand.Name():
		users, err = composeServe(app, serve, command != serve.Name())
	case command == demoCommand.Name():
		err = composeDemo(app, demoCommand, args)
	case command == mirrorCommand.Name():
		mirror, err = composeMirror(app)
	}
	if err != nil {
		return err
	}
	return commandline.Execute(app, args)
}

// composeServe registers the plugins with the Clerk application of the
// environment: for serve, and for a command beside it that does some of its work.
func composeServe(app *pocketbase.PocketBase, serve *cobra.Command, beside bool) (*clerksync.Sync, error) {
	config, err := readConfig(true)
	if err != nil {
		return nil, err
	}
	var backend clerk.Backend
	if config.ClerkSecretKey != "" {
		backend = clerkBackend(config.ClerkAPIURL, config.ClerkSecretKey)
	}
	parties := config.authorizedParties()
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if len(parties) == 0 {
			warn(e.App, "tokens are accepted from any page of the Clerk application; set CLERK_AUTHORIZED_PARTIES or VERSO_PUBLIC_URL to name yours")
		}
		return e.Next()
	})
	users, err := registerPlugins(app, config, clerkauth.Config{
		Issuer:            config.issuer(),
		JWTKey:            config.ClerkJWTKey,
		Backend:           backend,
		KeySetTTL:         config.JWKSTTL,
		AuthorizedParties: parties,
		AllowMissingAzp:   config.ClerkAllowMissingAzp,
	}, page{mode: "serve", beside: beside, engines: config.engineNames(gemini.Name), clerk: true, origins: commandline.FlagOr(serve, "origins", config.allowedOrigins())})
	if err != nil {
		return nil, err
	}
	commandline.OnPort(serve, config.Port)
	return users, nil
}

// composeMirror returns what looks at the mirror beside a serving process; nil where
// none is configured.
func composeMirror(app core.App) (*pgmirror.Mirror, error) {
	config, err := readConfig(false)
	if err != nil || config.PostgresURL == "" {
		return nil, err
	}
	return pgmirror.New(app, config.mirror())
}

// warn says something to who starts the service and to who reads its log.
func warn(app core.App, message string) {
	fmt.Fprintln(os.Stderr, "Warning:", message)
	app.Logger().Warn(message)
}

// composeDemo registers the same plugins with a stand-in for Clerk.
func composeDemo(app *pocketbase.PocketBase, command *cobra.Command, args []string) error {
	origins := demo.Origins(command, args)
	config, err := readConfig(false)
	if err != nil {
		return err
	}
	if config.PseudoDelay < 0 {
		config.PseudoDelay = demo.EngineDelay
	}
	standIn, err := demo.Start()
	if err != nil {
		return err
	}
	_, err = registerPlugins(app, config, clerkauth.Config{
		Issuer:            standIn.Issuer(),
		Backend:           clerkBackend(standIn.APIURL(), standIn.SecretKey()),
		KeySetTTL:         config.JWKSTTL,
		AuthorizedParties: origins,
	}, page{mode: "demo", engines: config.engineNames(pseudo.Name), origins: func() []string { return origins }})
	if err != nil {
		return err
	}
	demo.MustRegister(app, demo.Config{StandIn: standIn, Model: demoModel(config.engineNames(pseudo.Name))})
	commandline.OnPort(command, config.Port)
	return nil
}

// demoModel says for the banner what translates in the demo.
func demoModel(engines []string) string {
	switch {
	case !slices.Contains(engines, gemini.Name):
		return `not real either: the "pseudo" engine accents letters and translates nothing`
	case slices.Contains(engines, pseudo.Name):
		return `Gemini is real; the "pseudo" engine accents letters and translates nothing`
	}
	return "Gemini is real, and what it is asked for is paid for"
}

// page is what differs between serve and demo for a browser, and between them and
// a command beside them.
type page struct {
	mode    string
	beside  bool
	engines []string
	clerk   bool // whether people sign in with the Clerk application of the environment
	origins func() []string
}

// registerPlugins registers what serve and demo have in common, in the order
// in which a request meets it, and returns who keeps the users.
func registerPlugins(app core.App, config *config, auth clerkauth.Config, page page) (*clerksync.Sync, error) {
	sealingKey, err := sealingKey(app, config)
	if err != nil {
		return nil, err
	}
	formats := formats()
	engines, err := engines(config, page.engines)
	if err != nil {
		return nil, err
	}
	bounds.MustRegister(app)
	web.MustRegister(app, web.Config{
		Public:         publicFS(),
		AllowedOrigins: page.origins,
		Page:           pageConfig(config, page, formats, engines),
	})
	var jobs *translation.Jobs // registered below
	users, guard, err := registerPeople(app, config, auth, func() { jobs.Recheck() })
	if err != nil {
		return nil, err
	}
	mails, err := registerNotices(app, config, sealingKey)
	if err != nil {
		return nil, err
	}
	workers, err := registerWorkers(app, config, page, sealingKey, func() *translation.Jobs { return jobs })
	if err != nil {
		return nil, err
	}
	jobs = registerJobs(app, config, page, formats, engines, sealingKey, workers, mails.Wake)

	reports := map[string]func(context.Context) any{"clerk": guard.Ready, "engines": jobs.Engines}
	metrics := []prometheus.Collector{guard.Metrics(), users.Metrics(), jobs.Metrics(), mails.Metrics()}
	if workers != nil {
		jobs.Limit(0) // until one is there
		reports["workers"] = workers.Ready
		metrics = append(metrics, workers.Metrics())
	}
	switch mirror, err := registerMirror(app, config, page); {
	case err != nil:
		return nil, err
	case mirror != nil:
		reports["mirror"] = mirror.Ready
		metrics = append(metrics, mirror.Metrics())
	}
	ops.MustRegister(app, ops.Config{
		SuperuserEmail:      config.SuperuserEmail,
		SuperuserPassword:   config.SuperuserPassword,
		TrustedProxyHeaders: trimmed(config.TrustedProxyHeaders),
		Reports:             reports,
		Metrics:             metrics,
		MetricsAddress:      config.MetricsAddr,
		Log:                 config.Log,
	})
	return users, nil
}

// sealingKey is the key of the environment, or the one beside the data directory.
func sealingKey(app core.App, config *config) ([]byte, error) {
	if config.secretKey != nil {
		return config.secretKey, nil
	}
	key, err := translation.SealingKey(app.DataDir())
	if err != nil {
		return nil, fmt.Errorf("VERSO_SECRET_KEY: is not set and no key could be kept beside the data directory (%w); set it to 32 bytes in base64", err)
	}
	return key, nil
}

// registerPeople registers who keeps the users and who lets them in. recheck is called
// when a user is gone, whose jobs a command beside this process may have ended.
func registerPeople(app core.App, config *config, auth clerkauth.Config, recheck func()) (*clerksync.Sync, *clerkauth.Guard, error) {
	auth.Sessions = clerkauth.NewSessions(app)
	users, err := clerksync.Register(app, clerksync.Config{
		Backend:        auth.Backend,
		WebhookSecrets: config.webhookSecrets(),
		EndSession:     auth.Sessions.End,
		EndUser:        auth.Sessions.EndUser,
		CutUser: func(clerkUserID string) {
			auth.Sessions.CutUser(clerkUserID)
			recheck()
		},
	})
	if err != nil {
		return nil, nil, err
	}
	auth.Provision = users.Provision
	guard, err := clerkauth.Register(app, auth)
	return users, guard, err
}

// registerNotices registers who writes mails. The links in them are signed with a key
// of their own.
func registerNotices(app core.App, config *config, sealingKey []byte) (*notices.Notices, error) {
	key, err := hkdf.Key(sha256.New, sealingKey, nil, "verso/notices", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of the links in mails: %w", err)
	}
	return notices.Register(app, notices.Config{Key: key, RequireUser: clerkauth.RequireUser(), PublicURL: config.PublicURL})
}

// registerWorkers registers who has segments translated on other machines; nil where
// this process does it. jobs are not there before the first request.
func registerWorkers(app core.App, config *config, page page, sealingKey []byte, jobs func() *translation.Jobs) (*riverworkers.Executor, error) {
	if config.Executor != executorRiver || page.beside {
		return nil, nil
	}
	return riverworkers.Register(app, riverworkers.Config{
		PostgresURL: config.PostgresURL,
		SealingKey:  sealingKey,
		Observe:     func(x pipeline.Exchange) { jobs().Observe(x) },
		Places:      func(places int) { jobs().Limit(places) },
	})
}

// registerJobs registers what translates: on workers, or in this process where they are
// nil. turned is called when a job has come to a turn that its owner may want to hear of.
func registerJobs(app core.App, config *config, page page, formats document.Formats, engines []engine.Engine, sealingKey []byte, workers *riverworkers.Executor, turned func()) *translation.Jobs {
	var executor translation.Executor
	if workers != nil {
		executor = workers
	}
	return translation.MustRegister(app, translation.Config{
		Executor:                    executor,
		Formats:                     formats,
		Engines:                     engines,
		RequireUser:                 clerkauth.RequireUser(),
		BodyBounds:                  []string{bounds.BodyMiddlewareID},
		SealingKey:                  sealingKey,
		DefaultModel:                config.DefaultModel,
		DefaultTargetLanguage:       config.DefaultTargetLanguage,
		Concurrency:                 config.Concurrency,
		JobConcurrency:              config.JobConcurrency,
		MaxUploadBytes:              int64(config.MaxUploadMB) * maxUploadUnit,
		MaxActiveJobs:               config.MaxActiveJobs,
		MonthlyLimit:                &config.monthly,
		Limits:                      limits(config),
		KeepDocumentsOfDeletedUsers: config.OnUserDeleted == "orphan",
		KeepFor:                     time.Duration(config.KeepDays) * 24 * time.Hour,
		Turned:                      turned,
		Beside:                      page.beside,
		EngineTimeout:               config.EngineTimeout,
		ShutdownTimeout:             config.ShutdownTimeout,
	})
}

// registerMirror registers the mirror; nil where there is none.
func registerMirror(app core.App, config *config, page page) (*pgmirror.Mirror, error) {
	switch {
	case page.beside:
		return nil, nil
	case config.PostgresURL == "":
		pgmirror.Off(app)
		return nil, nil
	}
	return pgmirror.Register(app, config.mirror())
}

// composeTranslate puts together what translates a file without a service: with
// every engine, the default first.
func composeTranslate() (translatecmd.Config, error) {
	config, err := readConfig(false)
	if err != nil {
		return translatecmd.Config{}, err
	}
	names := config.engineNames(gemini.Name)
	for _, name := range []string{gemini.Name, pseudo.Name} {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	engines, err := engines(config, names)
	return translatecmd.Config{
		Formats:       formats(),
		Engines:       engines,
		DefaultModel:  config.DefaultModel,
		Limits:        limits(config),
		EngineTimeout: config.EngineTimeout,
	}, err
}

// composeWorker puts together what translates segments of another machine's serve.
func composeWorker() (riverworkers.WorkerConfig, error) {
	config, err := readConfig(false)
	if err != nil {
		return riverworkers.WorkerConfig{}, err
	}
	if config.PostgresURL == "" || config.secretKey == nil {
		return riverworkers.WorkerConfig{}, errors.New("POSTGRES_URL, VERSO_SECRET_KEY: a worker needs both, as the service has them")
	}
	names := config.engineNames(gemini.Name)
	offer, err := engines(config, names)
	if err != nil {
		return riverworkers.WorkerConfig{}, err
	}
	byName := map[string]engine.Engine{}
	for _, e := range offer {
		byName[e.Info().Name] = e
	}
	open, err := translation.KeyOpener(config.secretKey)
	return riverworkers.WorkerConfig{
		PostgresURL:     config.PostgresURL,
		SealingKey:      config.secretKey,
		Open:            open,
		Engines:         byName,
		EngineTimeout:   config.EngineTimeout,
		Slots:           config.Concurrency,
		ShutdownTimeout: config.ShutdownTimeout,
		Log:             ops.NewLogger(config.Log, os.Stderr),
	}, err
}

// formats are the file formats on offer, in the order in which a file is tried on
// them.
func formats() document.Formats {
	return document.Formats{epub.Format{}, docx.Format{}, html.Format{}, md.Format{}, srt.Format{}, vtt.Format{}, txt.Format{}}
}

// clerkBackend returns a client of Clerk's Backend API.
func clerkBackend(apiURL, secretKey string) clerk.Backend {
	base := strings.TrimRight(apiURL, "/") + "/v1"
	return clerk.NewBackend(&clerk.BackendConfig{URL: &base, Key: &secretKey})
}

func publicFS() fs.FS {
	files, err := fs.Sub(public, "pb_public")
	if err != nil {
		panic(err) // the name is not a valid path: a programmer's error
	}
	return files
}

// pageConfig tells a page what the server offers.
func pageConfig(config *config, page page, formats document.Formats, engines []engine.Engine) web.Page {
	offer := web.Page{
		Name:                  "Verso",
		Mode:                  page.mode,
		Languages:             web.Languages(),
		DefaultTargetLanguage: config.DefaultTargetLanguage,
		Formats:               web.Formats(formats),
		Engines:               web.Engines(engines),
		PricesOf:              web.PricesOf(engines),
		Limits: web.Limits{
			MaxUploadBytes: int64(config.MaxUploadMB) * maxUploadUnit,
			MaxActiveJobs:  config.MaxActiveJobs,
			KeepDays:       config.KeepDays,
		},
	}
	if frontendAPI := config.frontendAPI(); page.clerk && frontendAPI != "" {
		offer.PublishableKey, offer.FrontendAPI = new(config.publishableKey()), &frontendAPI
		if config.ClerkProxyURL != "" {
			offer.ProxyURL = &frontendAPI
		}
	}
	return offer
}

// dataDir returns the default data directory: PocketBase's own choice, but for
// the demo, which must not touch real data.
func dataDir(command string) string {
	if command != "demo" {
		return ""
	}
	return filepath.Join(".", "demo_data")
}
