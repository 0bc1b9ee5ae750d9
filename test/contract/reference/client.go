package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/mattermost/rtcd/service"
	"github.com/mattermost/rtcd/service/rtc"
)

// request is one line of standard input. Which fields count depends on op.
type request struct {
	ID        int            `json:"id"`
	Op        string         `json:"op"`
	ClientID  string         `json:"clientID"`
	AuthKey   string         `json:"authKey"`
	CallID    string         `json:"callID"`
	SessionID string         `json:"sessionID"`
	Type      string         `json:"type"`
	RTCType   int            `json:"rtcType"`
	Data      map[string]any `json:"data"`
	Payload   []byte         `json:"payload"`
}

// reply answers the request with the same id.
type reply struct {
	ID     int    `json:"id"`
	Error  string `json:"error,omitempty"`
	Result any    `json:"result,omitempty"`
}

// event is what the service client reports by itself.
type event struct {
	Event   string `json:"event"`
	Type    string `json:"type,omitempty"`
	Data    any    `json:"data,omitempty"`
	Attempt int    `json:"attempt,omitempty"`
	Error   string `json:"error,omitempty"`
}

// sessionsResult is the answer of the two look-ups of sessions.
type sessionsResult struct {
	Status   int                 `json:"status"`
	Sessions []rtc.SessionConfig `json:"sessions"`
}

// driver carries out requests on one service client.
type driver struct {
	client *service.Client
	mutex  sync.Mutex
	out    *json.Encoder
}

func client(args []string) error {
	flags := flag.NewFlagSet("client", flag.ContinueOnError)
	url := flags.String("url", "", "the server's URL")
	id := flags.String("id", "", "client ID")
	key := flags.String("key", "", "authentication key")
	reconnect := flags.Duration("reconnect", 100*time.Millisecond, "step of the reconnect interval")
	if err := flags.Parse(args); err != nil {
		return err
	}
	d := &driver{out: json.NewEncoder(os.Stdout)}
	config := service.ClientConfig{URL: *url, ClientID: *id, AuthKey: *key, ReconnectInterval: *reconnect}
	made, err := service.NewClient(config, service.WithClientReconnectCb(func(_ *service.Client, attempt int) error {
		d.write(event{Event: "reconnecting", Attempt: attempt})
		return nil
	}))
	if err != nil {
		return err
	}
	d.client = made
	go d.reportMessages()
	go d.reportErrors()
	return d.readRequests()
}

func (d *driver) write(value any) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if err := d.out.Encode(value); err != nil {
		fmt.Fprintf(os.Stderr, "reference client: %s\n", err)
	}
}

func (d *driver) reportMessages() {
	for message := range d.client.ReceiveCh() {
		d.write(event{Event: "message", Type: message.Type, Data: message.Data})
	}
}

func (d *driver) reportErrors() {
	for err := range d.client.ErrorCh() {
		d.write(event{Event: "error", Error: err.Error()})
	}
}

func (d *driver) readRequests() error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return err
		}
		result, err := d.perform(r)
		answer := reply{ID: r.ID, Result: result}
		if err != nil {
			answer.Error = err.Error()
		}
		d.write(answer)
	}
	return lines.Err()
}

func (d *driver) perform(r request) (any, error) {
	switch r.Op {
	case "register":
		return nil, d.client.Register(r.ClientID, r.AuthKey)
	case "unregister":
		return nil, d.client.Unregister(r.ClientID)
	case "connect":
		return nil, d.client.Connect()
	case "connected":
		return d.client.Connected(), nil
	case "close":
		return nil, d.client.Close()
	case "version":
		return d.client.GetVersionInfo()
	case "system":
		return d.client.GetSystemInfo()
	case "session":
		config, status, err := d.client.GetSession(r.CallID, r.SessionID)
		return sessionsResult{status, []rtc.SessionConfig{config}}, err
	case "sessions":
		configs, status, err := d.client.GetSessions(r.CallID)
		return sessionsResult{status, configs}, err
	case "send":
		return nil, d.client.Send(messageOf(r))
	default:
		return nil, fmt.Errorf("unknown op %q", r.Op)
	}
}

// messageOf builds what the plugin sends: it leaves three of an rtc message's ids empty.
func messageOf(r request) service.ClientMessage {
	if r.Type == service.ClientMessageRTC {
		message := rtc.Message{SessionID: r.SessionID, Type: rtc.MessageType(r.RTCType), Data: r.Payload}
		return *service.NewClientMessage(r.Type, message)
	}
	if r.Type == service.ClientMessageJoin {
		return *service.NewClientMessage(r.Type, r.Data)
	}
	text := map[string]string{}
	for key, value := range r.Data {
		text[key] = fmt.Sprint(value)
	}
	return *service.NewClientMessage(r.Type, text)
}
