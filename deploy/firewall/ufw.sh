#!/bin/sh
# Opens what clients and Mattermost need on Ubuntu. With rtc.workers = n the
# media ports are 8045 to 8045 + n - 1: WORKERS=n sh deploy/firewall/ufw.sh
set -eu
last=$((8045 + ${WORKERS:-1} - 1))
media=8045
[ "$last" -eq 8045 ] || media="8045:$last"
ufw allow "$media/udp" comment 'RTC Media UDP'
ufw allow "$media/tcp" comment 'RTC Media TCP'
ufw allow 8443/tcp comment 'RTC API'
ufw allow 443/tcp comment 'HTTPS'
