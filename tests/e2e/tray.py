"""A desktop's tray for the window's tests: takes icons, and reads and clicks their menus.

Each line of the standard input is asked and answered by one line: `items` with how many icons
there are, `menu` with the entries of the first one, `click LABEL` with `ok`.
"""

import json
import sys
import threading

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

WATCHER = "org.kde.StatusNotifierWatcher"
PROPERTIES = "org.freedesktop.DBus.Properties"
MENU = "com.canonical.dbusmenu"


class Watcher(dbus.service.Object):
    def __init__(self, bus):
        self.items = []
        name = dbus.service.BusName(WATCHER, bus)
        super().__init__(name, "/StatusNotifierWatcher")

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        self.items.append((sender, service if service.startswith("/") else "/StatusNotifierItem"))

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, _interface, name):
        return {"IsStatusNotifierHostRegistered": True, "ProtocolVersion": dbus.Int32(0)}[name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, _interface):
        return {"IsStatusNotifierHostRegistered": True, "ProtocolVersion": dbus.Int32(0)}


def menu_of(bus, item):
    owner, path = item
    properties = dbus.Interface(bus.get_object(owner, path), PROPERTIES)
    menu = properties.Get("org.kde.StatusNotifierItem", "Menu")
    return dbus.Interface(bus.get_object(owner, menu), MENU)


def entries(menu):
    _, (_, _, children) = menu.GetLayout(dbus.Int32(0), dbus.Int32(-1), dbus.Array([], signature="s"))
    return [(int(entry), str(of.get("label", "")).replace("_", "")) for entry, of, _ in children]


def answer(bus, watcher, line):
    asked, _, label = line.partition(" ")
    if asked == "items":
        return len(watcher.items)
    menu = menu_of(bus, watcher.items[-1])
    if asked == "menu":
        return [words for _, words in entries(menu) if words]
    [entry] = [entry for entry, words in entries(menu) if words == label]
    menu.Event(dbus.Int32(entry), "clicked", dbus.Int32(0), dbus.UInt32(0))
    return "ok"


def main():
    DBusGMainLoop(set_as_default=True)
    dbus.mainloop.glib.threads_init()
    bus = dbus.SessionBus()
    watcher = Watcher(bus)
    loop = GLib.MainLoop()

    # Asked from here and not from the main loop, which has to answer the bus meanwhile.
    def read():
        for line in sys.stdin:
            try:
                said = answer(bus, watcher, line.rstrip("\n"))
            except Exception as error:
                said = {"error": str(error)}
            print(json.dumps(said), flush=True)
        loop.quit()

    threading.Thread(target=read, daemon=True).start()
    print(json.dumps("ready"), flush=True)
    loop.run()


main()
