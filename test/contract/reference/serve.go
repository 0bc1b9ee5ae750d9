package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/BurntSushi/toml"
	"github.com/kelseyhightower/envconfig"
	"github.com/mattermost/rtcd/service"
)

// serve runs the server until a signal; variables win over the file, as in rtcd.
func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	file := flags.String("config", "config/config.toml", "configuration file; defaults when it is missing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	config, err := readConfig(*file)
	if err != nil {
		return err
	}
	server, err := service.New(config)
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	fmt.Println("reference: serving")
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	<-signals
	return server.Stop()
}

func readConfig(file string) (service.Config, error) {
	var config service.Config
	config.SetDefaults()
	if _, err := toml.DecodeFile(file, &config); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return config, err
	}
	err := envconfig.Process("rtcd", &config)
	return config, err
}
