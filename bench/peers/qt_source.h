/* SPDX-License-Identifier: MIT */
/* peers/qt_source.h - a QObject with one signal, for Qt's compiler of such classes (moc) */
#ifndef BENCH_PEERS_QT_SOURCE_H
#define BENCH_PEERS_QT_SOURCE_H

#include <QObject>

class QtSource : public QObject
{
    Q_OBJECT

  signals:
    void fired(int value);
};

#endif
